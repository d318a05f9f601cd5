import CProtobufC

/// Rewrites valid wire format into an equal form that protobuf-c decodes correctly.
///
/// By the specification, concatenating two encoded messages merges them. So the payloads of a repeated singular message
/// field are concatenated into one field. Fields that protobuf-c would lose are wrapped in a ``WireEnvelope``. Only
/// messages that ``WireCheck`` flagged are normalized; they are rare.
struct WireNormalizer {
  private struct Field {
    var number: UInt32
    var wireType: UInt8
    var descriptor: UnsafePointer<ProtobufCFieldDescriptor>?
    var payload: [UInt8]
    /// Whether another member of the same oneof came later.
    var isOverruled = false
  }

  private let descriptor: UnsafePointer<ProtobufCMessageDescriptor>
  private var fields: [Field] = []
  private var positionOfMessage: [UInt32: Int] = [:]
  /// Fields of each oneof so far by the offset of its case in the C structure.
  private var membersOfOneof: [UInt32: [Int]] = [:]

  private init(_ descriptor: UnsafePointer<ProtobufCMessageDescriptor>) {
    self.descriptor = descriptor
  }

  /// Rewrites one message.
  ///
  /// - Parameters:
  ///   - bytes: A message that ``WireCheck`` found valid.
  ///   - descriptor: Its type.
  /// - Returns: The rewritten message, or nil when the bytes are not valid.
  static func normalize(
    _ bytes: UnsafeRawBufferPointer,
    descriptor: UnsafePointer<ProtobufCMessageDescriptor>
  ) -> [UInt8]? {
    var normalizer = WireNormalizer(descriptor)
    return normalizer.read(bytes) ? normalizer.write(capacity: bytes.count) : nil
  }

  private mutating func read(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var reader = WireReader(bytes)
    var lookup = FieldLookup(descriptor)
    while !reader.isAtEnd {
      let beginning = reader.position
      guard let tag = reader.readTag() else { return false }
      let start = reader.position
      let descriptor = lookup.find(tag.number)
      if WireEnvelope.isNeeded(for: tag, field: descriptor) {
        guard reader.skip(tag, depth: .max) else { return false }
        addEnvelope(UnsafeRawBufferPointer(rebasing: bytes[beginning..<reader.position]))
        continue
      }
      let payload: UnsafeRawBufferPointer
      if tag.wireType == 2 {
        guard let content = reader.readLengthPrefixed() else { return false }
        payload = content
      } else {
        guard reader.skip(tag) else { return false }
        payload = UnsafeRawBufferPointer(rebasing: bytes[start..<reader.position])
      }
      add(tag, payload, descriptor)
    }
    return true
  }

  /// Adds a field as the content of an envelope.
  private mutating func addEnvelope(_ field: UnsafeRawBufferPointer) {
    fields.append(Field(number: WireEnvelope.number, wireType: WireEnvelope.wireType, payload: Array(field)))
  }

  private mutating func add(
    _ tag: WireReader.Tag,
    _ payload: UnsafeRawBufferPointer,
    _ descriptor: UnsafePointer<ProtobufCFieldDescriptor>?
  ) {
    let isInOneof = (descriptor?.pointee.flags ?? 0) & PROTOBUF_C_FIELD_FLAG_ONEOF.rawValue != 0
    if let descriptor, isInOneof {
      overruleMembers(ofOneof: descriptor.pointee.quantifier_offset, otherThan: tag.number)
    }
    let isSingularMessage =
      descriptor.map {
        $0.pointee.type == PROTOBUF_C_TYPE_MESSAGE && $0.pointee.label != PROTOBUF_C_LABEL_REPEATED
      } ?? false
    if isSingularMessage, tag.wireType == 2 {
      if let position = positionOfMessage[tag.number] {
        fields[position].payload.append(contentsOf: payload)
        return
      }
      positionOfMessage[tag.number] = fields.count
    }
    if let descriptor, isInOneof {
      membersOfOneof[descriptor.pointee.quantifier_offset, default: []].append(fields.count)
    }
    fields.append(
      Field(number: tag.number, wireType: tag.wireType, descriptor: descriptor, payload: Array(payload))
    )
  }

  private mutating func overruleMembers(ofOneof oneof: UInt32, otherThan number: UInt32) {
    for position in membersOfOneof[oneof] ?? [] where fields[position].number != number {
      fields[position].isOverruled = true
      positionOfMessage[fields[position].number] = nil
    }
    membersOfOneof[oneof]?.removeAll { fields[$0].isOverruled }
  }

  private func write(capacity: Int) -> [UInt8]? {
    var output: [UInt8] = []
    output.reserveCapacity(capacity)
    for field in fields where !field.isOverruled {
      guard let payload = normalizedPayload(of: field) else { return nil }
      output.appendVarint(UInt64(field.number) << 3 | UInt64(field.wireType))
      if field.wireType == 2 { output.appendVarint(UInt64(payload.count)) }
      output.append(contentsOf: payload)
    }
    return output
  }

  private func normalizedPayload(of field: Field) -> [UInt8]? {
    guard field.wireType == 2, let descriptor = field.descriptor else { return field.payload }
    if descriptor.pointee.type == PROTOBUF_C_TYPE_MESSAGE {
      guard let type = descriptor.pointee.descriptor else { return nil }
      return field.payload.withUnsafeBytes {
        Self.normalize($0, descriptor: type.assumingMemoryBound(to: ProtobufCMessageDescriptor.self))
      }
    }
    if descriptor.pointee.type == PROTOBUF_C_TYPE_BOOL {
      return Self.singleByteBooleans(field.payload)
    }
    return field.payload
  }

  private static func singleByteBooleans(_ payload: [UInt8]) -> [UInt8]? {
    payload.withUnsafeBytes { bytes in
      var reader = WireReader(bytes)
      var booleans: [UInt8] = []
      while !reader.isAtEnd {
        guard let value = reader.readVarint() else { return nil }
        booleans.append(value == 0 ? 0 : 1)
      }
      return booleans
    }
  }
}
