import CProtobufC

/// Decodes usual messages into protobuf-c structures in one pass over the bytes.
///
/// protobuf-c walks the bytes twice, copies every string, and needs ``WireCheck`` first, which took more than half of
/// the time of decoding a small request. This decoder accepts known fields of their declared wire type, packed or not.
/// It gives up at anything else: unknown fields, a repeated singular message, wrong wire types, excessive depth,
/// malformed bytes. Then ``WireCheck``, ``WireNormalizer`` and protobuf-c decode the message.
///
/// Strings and bytes of the structure point into the decoded bytes.
struct WireUnpacker {
  let arena: Arena

  /// Decodes one message and the messages in it.
  ///
  /// - Parameter depth: How many levels of messages may be nested below it.
  /// - Returns: The structure, nil when the bytes need the complete decoder or the arena's budget is spent.
  func unpack(
    _ start: UnsafePointer<UInt8>,
    end: UnsafePointer<UInt8>,
    descriptor: UnsafePointer<ProtobufCMessageDescriptor>,
    depth: Int
  ) -> UnsafeMutableRawPointer? {
    guard let initialize = descriptor.pointee.message_init,
      let message = arena.state.pointee.allocate(descriptor.pointee.sizeof_message)
    else { return nil }
    initialize(message.assumingMemoryBound(to: ProtobufCMessage.self))
    var at = start
    var fields = FieldLookup(descriptor)
    var messagesSeen: UInt64 = 0
    while at < end {
      guard let key = Varint.readShort(&at, end), key <= UInt64(UInt32.max),
        let field = fields.find(UInt32(truncatingIfNeeded: key >> 3))
      else { return nil }
      let wireType = UInt8(truncatingIfNeeded: key & 7)
      let type = field.pointee.type
      let place = message + Int(field.pointee.offset)
      if field.pointee.label == PROTOBUF_C_LABEL_REPEATED {
        if wireType == 2, Self.isPackable(type) {
          guard unpackPacked(field, into: message, &at, end) else { return nil }
          continue
        }
        guard let element = grow(field, of: message) else { return nil }
        guard unpackValue(field, wireType, into: element, &at, end, depth) else { return nil }
        continue
      }
      guard field.pointee.label == PROTOBUF_C_LABEL_NONE else { return nil }
      if type == PROTOBUF_C_TYPE_MESSAGE {
        // A second one would have to be merged with the first.
        guard fields.index < 64, messagesSeen & (1 << UInt64(fields.index)) == 0 else { return nil }
        messagesSeen |= 1 << UInt64(fields.index)
      }
      guard unpackValue(field, wireType, into: place, &at, end, depth) else { return nil }
      if field.pointee.flags & Self.oneofFlag != 0 {
        (message + Int(field.pointee.quantifier_offset)).storeBytes(of: field.pointee.id, as: UInt32.self)
      }
    }
    return message
  }

  private static let oneofFlag = UInt32(PROTOBUF_C_FIELD_FLAG_ONEOF.rawValue)

  // MARK: Values

  /// Decodes one value of the field's type.
  ///
  /// - Returns: False when it has another wire type or is malformed.
  @inline(__always)
  private func unpackValue(
    _ field: UnsafePointer<ProtobufCFieldDescriptor>,
    _ wireType: UInt8,
    into place: UnsafeMutableRawPointer,
    _ at: inout UnsafePointer<UInt8>,
    _ end: UnsafePointer<UInt8>,
    _ depth: Int
  ) -> Bool {
    let type = field.pointee.type
    switch wireType {
    case 2:
      guard let length = Varint.readShort(&at, end), length <= UInt64(end - at) else { return false }
      let content = at
      at += Int(truncatingIfNeeded: length)
      if type == PROTOBUF_C_TYPE_BYTES {
        let bytes = ProtobufCBinaryData(len: Int(length), data: UnsafeMutablePointer(mutating: content))
        place.storeBytes(of: bytes, as: ProtobufCBinaryData.self)
        return true
      }
      guard type == PROTOBUF_C_TYPE_MESSAGE, depth > 0, let descriptor = field.pointee.descriptor else { return false }
      let inner = unpack(
        content,
        end: at,
        descriptor: descriptor.assumingMemoryBound(to: ProtobufCMessageDescriptor.self),
        depth: depth - 1
      )
      place.storeBytes(of: inner, as: UnsafeMutableRawPointer?.self)
      return inner != nil
    case 0, 1, 5:
      return Self.unpackNumber(type, wireType, into: place, &at, end)
    default:
      return false
    }
  }

  /// Decodes one number of any type.
  @inline(__always)
  private static func unpackNumber(
    _ type: ProtobufCType,
    _ wireType: UInt8,
    into place: UnsafeMutableRawPointer,
    _ at: inout UnsafePointer<UInt8>,
    _ end: UnsafePointer<UInt8>
  ) -> Bool {
    switch type {
    case PROTOBUF_C_TYPE_FIXED32, PROTOBUF_C_TYPE_SFIXED32, PROTOBUF_C_TYPE_FLOAT:
      guard wireType == 5, end - at >= 4 else { return false }
      place.copyMemory(from: at, byteCount: 4)
      at += 4
    case PROTOBUF_C_TYPE_FIXED64, PROTOBUF_C_TYPE_SFIXED64, PROTOBUF_C_TYPE_DOUBLE:
      guard wireType == 1, end - at >= 8 else { return false }
      place.copyMemory(from: at, byteCount: 8)
      at += 8
    case PROTOBUF_C_TYPE_BYTES, PROTOBUF_C_TYPE_STRING, PROTOBUF_C_TYPE_MESSAGE:
      return false
    default:
      guard wireType == 0, let value = Varint.read(&at, end) else { return false }
      store(value, type, into: place)
    }
    return true
  }

  @inline(__always)
  private static func store(_ value: UInt64, _ type: ProtobufCType, into place: UnsafeMutableRawPointer) {
    switch type {
    case PROTOBUF_C_TYPE_INT64, PROTOBUF_C_TYPE_UINT64:
      place.storeBytes(of: value, as: UInt64.self)
    case PROTOBUF_C_TYPE_SINT64:
      place.storeBytes(of: (value >> 1) ^ (0 &- (value & 1)), as: UInt64.self)
    case PROTOBUF_C_TYPE_SINT32:
      let value = UInt32(truncatingIfNeeded: value)
      place.storeBytes(of: (value >> 1) ^ (0 &- (value & 1)), as: UInt32.self)
    case PROTOBUF_C_TYPE_BOOL:
      place.storeBytes(of: value == 0 ? 0 : 1, as: protobuf_c_boolean.self)
    default:
      place.storeBytes(of: UInt32(truncatingIfNeeded: value), as: UInt32.self)
    }
  }

  // MARK: Repeated fields

  private static func isPackable(_ type: ProtobufCType) -> Bool {
    type != PROTOBUF_C_TYPE_BYTES && type != PROTOBUF_C_TYPE_MESSAGE && type != PROTOBUF_C_TYPE_STRING
  }

  private static func elementBytes(_ type: ProtobufCType) -> Int {
    switch type {
    case PROTOBUF_C_TYPE_BYTES: MemoryLayout<ProtobufCBinaryData>.stride
    case PROTOBUF_C_TYPE_INT64, PROTOBUF_C_TYPE_UINT64, PROTOBUF_C_TYPE_SINT64, PROTOBUF_C_TYPE_FIXED64,
      PROTOBUF_C_TYPE_SFIXED64, PROTOBUF_C_TYPE_DOUBLE, PROTOBUF_C_TYPE_MESSAGE:
      8
    default: 4
    }
  }

  /// Reserves space for one more element. Capacities are 4, 8, 16 … elements, so the count implies the capacity.
  ///
  /// - Returns: The address of the element, nil when the arena's budget is spent.
  @inline(__always)
  private func grow(
    _ field: UnsafePointer<ProtobufCFieldDescriptor>,
    of message: UnsafeMutableRawPointer
  ) -> UnsafeMutableRawPointer? {
    let counter = message + Int(field.pointee.quantifier_offset)
    let place = message + Int(field.pointee.offset)
    let count = counter.load(as: Int.self)
    let stride = Self.elementBytes(field.pointee.type)
    var elements = place.load(as: UnsafeMutableRawPointer?.self)
    if count == 0 || (count >= Self.smallestArray && count & (count - 1) == 0) {
      let room = max(count * 2, Self.smallestArray)
      guard let larger = arena.state.pointee.allocate(room * stride) else { return nil }
      if let elements { larger.copyMemory(from: elements, byteCount: count * stride) }
      elements = larger
      place.storeBytes(of: larger, as: UnsafeMutableRawPointer?.self)
    }
    counter.storeBytes(of: count + 1, as: Int.self)
    return elements.map { $0 + count * stride }
  }

  private static let smallestArray = 4

  /// Decodes the numbers of a packed field.
  private func unpackPacked(
    _ field: UnsafePointer<ProtobufCFieldDescriptor>,
    into message: UnsafeMutableRawPointer,
    _ at: inout UnsafePointer<UInt8>,
    _ end: UnsafePointer<UInt8>
  ) -> Bool {
    guard let length = Varint.readShort(&at, end), length <= UInt64(end - at) else { return false }
    let last = at + Int(truncatingIfNeeded: length)
    let type = field.pointee.type
    let wireType: UInt8 =
      switch type {
      case PROTOBUF_C_TYPE_FIXED32, PROTOBUF_C_TYPE_SFIXED32, PROTOBUF_C_TYPE_FLOAT: 5
      case PROTOBUF_C_TYPE_FIXED64, PROTOBUF_C_TYPE_SFIXED64, PROTOBUF_C_TYPE_DOUBLE: 1
      default: 0
      }
    while at < last {
      guard let element = grow(field, of: message) else { return false }
      guard Self.unpackNumber(type, wireType, into: element, &at, last) else { return false }
    }
    return true
  }
}
