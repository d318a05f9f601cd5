import CProtobufC

extension Message {
  /// Decodes a message with memory from `arena`, which is not reset.
  ///
  /// - Parameters:
  ///   - serializedBytes: One message in wire format; not used after the call.
  ///   - arena: Holds the C structure while it is copied.
  ///   - limits: Bounds on depth and memory.
  /// - Throws: ``MessageError`` when the bytes are not a valid message or exceed a limit.
  public init(
    serializedBytes: UnsafeRawBufferPointer,
    arena: Arena,
    limits: DecodingLimits
  ) throws(MessageError) {
    let decoder = MessageDecoder(type: Self.messageType, arena: arena, limits: limits)
    if serializedBytes.isEmpty {
      self = try decoder.withEmptyStructure { (structure) throws(MessageError) in try Self(copying: structure) }
    } else {
      try self.init(copying: try decoder.decode(serializedBytes))
    }
  }

  /// Decodes a message with memory from `arena` within the default limits.
  public init(serializedBytes: UnsafeRawBufferPointer, arena: Arena) throws(MessageError) {
    try self.init(serializedBytes: serializedBytes, arena: arena, limits: .defaults)
  }

  /// Decodes a message.
  ///
  /// - Parameters:
  ///   - serializedBytes: One message in wire format.
  ///   - limits: Bounds on depth and memory.
  /// - Throws: ``MessageError`` when the bytes are not a valid message or exceed a limit.
  public init(serializedBytes: [UInt8], limits: DecodingLimits = .defaults) throws(MessageError) {
    let arena = Arena(byteBudget: limits.arenaBytes, firstChunkBytes: 4096)
    self = try serializedBytes.withUnsafeBufferPointer { bytes throws(MessageError) in
      try Self(serializedBytes: UnsafeRawBufferPointer(bytes), arena: arena, limits: limits)
    }
  }
}

/// Turns wire format into the protobuf-c structure of a message type.
struct MessageDecoder {
  /// protobuf-c counts in 32 bits.
  private static let messageBytesMaximum = Int(Int32.max)

  let type: MessageType
  let arena: Arena
  let limits: DecodingLimits

  /// Decodes into the arena.
  ///
  /// - Returns: The structure, valid until the arena is reset and no longer than `bytes`.
  func decode(_ bytes: UnsafeRawBufferPointer) throws(MessageError) -> UnsafeRawPointer {
    guard bytes.count <= Self.messageBytesMaximum else { throw error(.tooLarge) }
    return if let structure = decodeUsual(bytes) { structure } else { try decodeAny(bytes) }
  }

  /// Calls `body` with the structure of a message that has no field on the wire. It takes nothing from the arena.
  func withEmptyStructure<Value>(
    _ body: (UnsafeRawPointer) throws(MessageError) -> Value
  ) throws(MessageError) -> Value {
    try withUnsafeTemporaryAllocation(byteCount: descriptor.pointee.sizeof_message, alignment: 16) {
      (memory) throws(MessageError) in
      protobuf_c_message_init(descriptor, memory.baseAddress)
      return try body(UnsafeRawPointer(memory.baseAddress!))
    }
  }

  private var descriptor: UnsafePointer<ProtobufCMessageDescriptor> {
    type.descriptor.assumingMemoryBound(to: ProtobufCMessageDescriptor.self)
  }

  /// Decodes the usual messages fast.
  ///
  /// - Returns: nil when the bytes need ``decodeAny(_:)``.
  func decodeUsual(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawPointer? {
    guard let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return nil }
    let end = start + bytes.count
    let used = arena.bytesUsed
    let structure = arena.limited(toBytes: limits.arenaBytes) { () throws(Never) in
      WireUnpacker(arena: arena).unpack(start, end: end, descriptor: descriptor, depth: limits.depth)
    }
    if structure == nil { arena.free(downTo: used) }
    return UnsafeRawPointer(structure)
  }

  /// Decodes every valid message, and throws the error of an invalid one.
  func decodeAny(_ bytes: UnsafeRawBufferPointer) throws(MessageError) -> UnsafeRawPointer {
    switch WireCheck.verdict(on: bytes, descriptor: descriptor, depth: limits.depth) {
    case .ready:
      return try unpack(bytes)
    case .needsNormalizing:
      guard let normalized = WireNormalizer.normalize(bytes, descriptor: descriptor) else { throw error(.malformed) }
      let copy = try arena.copy(normalized)
      return try unpack(UnsafeRawBufferPointer(start: copy.data, count: copy.len))
    case .malformed:
      throw error(.malformed)
    case .tooDeep:
      throw error(.tooDeep)
    }
  }

  private func unpack(_ bytes: UnsafeRawBufferPointer) throws(MessageError) -> UnsafeRawPointer {
    try arena.limited(toBytes: limits.arenaBytes) { () throws(MessageError) in
      let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
      guard let message = protobuf_c_message_unpack(descriptor, arena.allocator, bytes.count, start) else {
        throw error(arena.isExhausted ? .tooLarge : .malformed)
      }
      return UnsafeRawPointer(message)
    }
  }

  private func error(_ kind: MessageError.Kind) -> MessageError {
    MessageError(kind, type.fullName)
  }
}

/// Bounds on what one decoded message may cost.
public struct DecodingLimits: Sendable, Hashable {
  /// How many messages may lie inside each other below the outermost one. Default 100, the number other protocol buffer
  /// implementations use.
  public var depth: Int

  /// How many bytes of arena memory one message may take. Default 64 MiB: sixteen times the largest message a server
  /// accepts by default, which leaves room for lists of small messages (a C structure is larger than its wire form).
  public var arenaBytes: Int

  /// Makes limits; whatever is not given has its default.
  ///
  /// - Parameters:
  ///   - depth: Greatest number of levels below the outermost message.
  ///   - arenaBytes: Greatest number of arena bytes for one message.
  public init(depth: Int = 100, arenaBytes: Int = 64 * 1024 * 1024) {
    self.depth = depth
    self.arenaBytes = arenaBytes
  }

  /// The limits used when none are given.
  public static let defaults = DecodingLimits()
}
