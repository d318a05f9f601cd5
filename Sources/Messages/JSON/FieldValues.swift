/// The known fields of one message, as a decoder would read them.
///
/// Splits packed numbers, and keeps the last member of each oneof. Leaves out payloads of the wrong wire type, which
/// count as unknown.
struct FieldValues {
  private var payloads: [UInt32: [WireFields.Payload]] = [:]

  init(_ wire: WireFields, type: MessageDescription) {
    var memberOfOneof: [Int: UInt32] = [:]
    for field in wire.all {
      guard let description = type.field(field.number) else { continue }
      let values = description.values(in: field.payload)
      if values.isEmpty { continue }
      if let oneof = description.oneof, let member = memberOfOneof.updateValue(field.number, forKey: oneof) {
        if member != field.number { payloads[member] = nil }
      }
      payloads[field.number, default: []] += values
    }
  }

  /// The payloads of a field in their order. Empty when it is not set.
  subscript(field: FieldDescription) -> [WireFields.Payload] {
    payloads[field.number] ?? []
  }

  /// The payloads of a field by number.
  subscript(number: UInt32) -> [WireFields.Payload] {
    payloads[number] ?? []
  }
}

extension FieldDescription {
  /// The wire type of a single value.
  var wireType: UInt8 {
    switch kind {
    case .int32, .int64, .uint32, .uint64, .sint32, .sint64, .bool, .enum: 0
    case .double, .fixed64, .sfixed64: 1
    case .string, .bytes, .message: 2
    case .float, .fixed32, .sfixed32: 5
    case .group: 3
    }
  }

  /// The value of a field that is not set.
  var defaultPayload: WireFields.Payload {
    switch wireType {
    case 0: .varint(0)
    case 1: .fixed64(0)
    case 5: .fixed32(0)
    default: .bytes(UnsafeRawBufferPointer(start: nil, count: 0))
    }
  }

  /// Returns the values in `payload`: one, several when they are packed, none when it has the wrong wire type.
  func values(in payload: WireFields.Payload) -> [WireFields.Payload] {
    if payload.wireType == wireType { return [payload] }
    guard isRepeated, isPackable, let content = payload.content else { return [] }
    var values: [WireFields.Payload] = []
    var reader = WireReader(content)
    while !reader.isAtEnd {
      guard let value = reader.readPayload(wireType: wireType) else { return [] }
      values.append(value)
    }
    return values
  }
}

extension WireFields.Payload {
  var wireType: UInt8 {
    switch self {
    case .varint: 0
    case .fixed64: 1
    case .bytes: 2
    case .fixed32: 5
    }
  }

  /// Whether this is the value of a field that is not set.
  var isDefault: Bool {
    switch self {
    case .varint(let value), .fixed64(let value): value == 0
    case .fixed32(let value): value == 0
    case .bytes(let content): content.isEmpty
    }
  }
}
