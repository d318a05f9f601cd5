import Messages

/// An encoded message of any type, which is passed on as it is.
struct RawMessage: Message {
  var bytes: [UInt8]

  init(bytes: [UInt8]) { self.bytes = bytes }

  init(serializedBytes: UnsafeRawBufferPointer, arena: Arena, limits: DecodingLimits) throws(MessageError) {
    bytes = Array(serializedBytes)
  }

  func serialize(in arena: Arena, prefix: Int) throws(MessageError) -> UnsafeMutableRawBufferPointer {
    let start = try arena.allocate(byteCount: prefix + bytes.count)
    let frame = UnsafeMutableRawBufferPointer(start: start, count: prefix + bytes.count)
    bytes.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: frame[prefix...]).copyMemory(from: $0) }
    return frame
  }

  // Only a message of a known type has these.

  static var messageType: MessageType { preconditionFailure("a raw message has no type") }
  static var types: TypeRegistry { preconditionFailure("a raw message has no type") }
  init(copying c: UnsafeRawPointer) throws(MessageError) { preconditionFailure("a raw message has no structure") }
  func build(in arena: Arena) throws(MessageError) -> UnsafeMutableRawPointer {
    preconditionFailure("a raw message has no structure")
  }
  var unknownFields: UnknownFields {
    get { UnknownFields() }
    set {}
  }
}
