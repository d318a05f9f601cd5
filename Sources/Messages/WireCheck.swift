import CProtobufC

/// Validates a message's wire format before protobuf-c decodes it.
///
/// protobuf-c has no limit on nesting, accepts field number 0, and merges a repeated singular message wrongly. It
/// refuses groups and packed booleans that are not a single byte. It refuses or misreads a field of an undeclared wire
/// type, which counts as unknown. One pass without allocations finds all of these.
struct WireCheck {
  /// The result of the walk.
  enum Verdict: Hashable {
    /// protobuf-c can decode the bytes as they are.
    case ready
    /// The bytes are valid and must pass ``WireNormalizer`` first.
    case needsNormalizing
    case malformed
    case tooDeep
  }

  private var needsNormalizing = false
  private var failure: Verdict?

  /// Walks one message.
  ///
  /// - Parameters:
  ///   - bytes: The outermost message.
  ///   - descriptor: Its type.
  ///   - depth: How many levels of messages may lie below it.
  static func verdict(
    on bytes: UnsafeRawBufferPointer,
    descriptor: UnsafePointer<ProtobufCMessageDescriptor>,
    depth: Int
  ) -> Verdict {
    guard let start = bytes.baseAddress else { return .ready }
    var check = WireCheck()
    let isValid = check.walk(
      start.assumingMemoryBound(to: UInt8.self),
      end: start.assumingMemoryBound(to: UInt8.self) + bytes.count,
      descriptor: descriptor,
      depth: depth
    )
    if !isValid { return check.failure ?? .malformed }
    return check.needsNormalizing ? .needsNormalizing : .ready
  }

  /// Walks the fields from `start` to `end`.
  ///
  /// - Returns: Whether they are valid. If not, `failure` may say more than "malformed".
  private mutating func walk(
    _ start: UnsafePointer<UInt8>,
    end: UnsafePointer<UInt8>,
    descriptor: UnsafePointer<ProtobufCMessageDescriptor>,
    depth: Int
  ) -> Bool {
    var at = start
    var fields = FieldLookup(descriptor)
    var messagesSeen: UInt64 = 0
    while at < end {
      guard let key = Varint.readShort(&at, end), key >= 8, key <= UInt64(UInt32.max) else { return false }
      let tag = WireReader.Tag(key)
      let field = fields.find(tag.number)
      let payload = at
      var content = at
      switch key & 7 {
      case 0:
        guard Varint.read(&at, end) != nil else { return false }
      case 1:
        guard end - at >= 8 else { return false }
        at += 8
      case 2:
        guard let length = Varint.readShort(&at, end), length <= UInt64(end - at) else { return false }
        content = at
        at += Int(truncatingIfNeeded: length)
      case 3:
        var reader = WireReader(UnsafeRawBufferPointer(start: at, count: end - at))
        guard reader.skip(tag, depth: depth) else { return false }
        at += reader.position
      case 5:
        guard end - at >= 4 else { return false }
        at += 4
      default:
        return false
      }
      assert(at > payload)
      guard !WireEnvelope.isNeeded(for: tag, field: field) else {
        needsNormalizing = true
        continue
      }
      guard let field, tag.wireType == 2 else { continue }
      if field.pointee.type == PROTOBUF_C_TYPE_MESSAGE {
        if field.pointee.label != PROTOBUF_C_LABEL_REPEATED {
          recordSingularMessage(index: fields.index, in: &messagesSeen)
        }
        guard walkNested(content, end: at, field: field, depth: depth) else { return false }
      } else if field.pointee.type == PROTOBUF_C_TYPE_BOOL, field.pointee.label == PROTOBUF_C_LABEL_REPEATED {
        recordPackedBooleans(content, end: at)
      }
    }
    return true
  }

  private mutating func walkNested(
    _ start: UnsafePointer<UInt8>,
    end: UnsafePointer<UInt8>,
    field: UnsafePointer<ProtobufCFieldDescriptor>,
    depth: Int
  ) -> Bool {
    guard let descriptor = field.pointee.descriptor else { return false }
    guard depth > 0 else {
      failure = .tooDeep
      return false
    }
    return walk(
      start,
      end: end,
      descriptor: descriptor.assumingMemoryBound(to: ProtobufCMessageDescriptor.self),
      depth: depth - 1
    )
  }

  /// Records a singular message field. Indices beyond 63 share bits, which only costs a needless normalization.
  private mutating func recordSingularMessage(index: Int, in seen: inout UInt64) {
    let bit: UInt64 = 1 << UInt64(index & 63)
    if seen & bit != 0 { needsNormalizing = true }
    seen |= bit
  }

  private mutating func recordPackedBooleans(_ start: UnsafePointer<UInt8>, end: UnsafePointer<UInt8>) {
    var at = start
    while at < end {
      if at.pointee > 1 {
        needsNormalizing = true
        return
      }
      at += 1
    }
  }
}

/// Finds fields by number, fastest when they come in order.
struct FieldLookup {
  private let descriptor: UnsafePointer<ProtobufCMessageDescriptor>
  private let count: Int

  /// Index of the last field found.
  private(set) var index = 0

  init(_ descriptor: UnsafePointer<ProtobufCMessageDescriptor>) {
    self.descriptor = descriptor
    count = Int(descriptor.pointee.n_fields)
  }

  /// - Returns: The field, or nil when the type has none with this number.
  @inline(__always)
  mutating func find(_ number: UInt32) -> UnsafePointer<ProtobufCFieldDescriptor>? {
    guard let fields = descriptor.pointee.fields else { return nil }
    if index < count, fields[index].id == number { return fields + index }
    if index + 1 < count, fields[index + 1].id == number {
      index += 1
      return fields + index
    }
    guard let field = protobuf_c_message_descriptor_get_field(descriptor, number) else { return nil }
    index = field - fields
    return field
  }
}
