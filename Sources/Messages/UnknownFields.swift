public import CProtobufC

/// The unknown fields of a message in wire format.
public struct UnknownFields: Sendable, Hashable {
  /// Nil when empty, which keeps a message without unknown fields free of allocations and reference counts.
  private var storage: [UInt8]?

  /// No fields.
  @inlinable
  public init() {
    self.init(storage: nil)
  }

  @usableFromInline
  init(storage: [UInt8]?) {
    self.storage = storage
  }

  /// Whether there are none.
  public var isEmpty: Bool {
    storage == nil
  }

  /// The fields one after another with their tags, as on the wire.
  public var bytes: [UInt8] {
    storage ?? []
  }

  /// Copies the unknown fields of a protobuf-c structure.
  ///
  /// - Parameter base: The head of the structure.
  @inlinable
  public init(copying base: ProtobufCMessage) {
    if base.n_unknown_fields == 0 {
      self.init(storage: nil)
    } else {
      self.init(storage: Self.wireFormat(of: base))
    }
  }

  @usableFromInline
  static func wireFormat(of base: ProtobufCMessage) -> [UInt8]? {
    var bytes: [UInt8] = []
    for field in UnsafeBufferPointer(start: base.unknown_fields, count: Int(base.n_unknown_fields)) {
      let data = UnsafeRawBufferPointer(start: field.data, count: field.len)
      var reader = WireReader(data)
      if field.tag == WireEnvelope.number, let content = reader.readLengthPrefixed() {
        bytes.append(contentsOf: content)
      } else {
        bytes.appendVarint(UInt64(field.tag) << 3 | UInt64(field.wire_type.rawValue))
        bytes.append(contentsOf: data)
      }
    }
    return bytes.isEmpty ? nil : bytes
  }

  /// Appends the fields to a protobuf-c structure so that they are encoded after the known ones.
  ///
  /// protobuf-c writes the tag and the payload of each unknown field verbatim, so one entry is enough: its payload
  /// includes all fields after the first.
  ///
  /// - Parameters:
  ///   - base: The head of the structure.
  ///   - arena: Owns the copied bytes.
  /// - Throws: ``MessageError`` when the arena's budget is spent.
  @inlinable
  public func build(
    into base: UnsafeMutablePointer<ProtobufCMessage>,
    arena: Arena
  ) throws(MessageError) {
    if !isEmpty {
      try buildEntry(into: base, arena: arena)
    }
  }

  @usableFromInline
  func buildEntry(into base: UnsafeMutablePointer<ProtobufCMessage>, arena: Arena) throws(MessageError) {
    guard let storage else { return }
    let all = try arena.copy(storage)
    var reader = WireReader(UnsafeRawBufferPointer(start: all.data, count: all.len))
    guard let tag = reader.readTag(), let start = all.data else { return }
    let entry = try arena.allocate(ProtobufCMessageUnknownField.self)
    entry.initialize(
      to: ProtobufCMessageUnknownField(
        tag: tag.number,
        wire_type: ProtobufCWireType(rawValue: UInt32(tag.wireType)),
        len: all.len - reader.position,
        data: start + reader.position
      )
    )
    base.pointee.n_unknown_fields = 1
    base.pointee.unknown_fields = entry
  }
}
