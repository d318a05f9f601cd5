import CProtobufC

extension Message {
  /// Encodes the message.
  ///
  /// - Returns: The wire format.
  /// - Throws: ``MessageError`` when the message nests too deeply or needs more than 64 MiB.
  public func serializedBytes() throws(MessageError) -> [UInt8] {
    let arena = Arena(firstChunkBytes: 4096)
    return Array(try serialize(in: arena, prefix: 0))
  }

  /// Encodes the message after some free bytes, where the caller puts the header of its frame.
  ///
  /// - Parameters:
  ///   - arena: Owns the result.
  ///   - prefix: How many bytes to leave free; they are not initialised.
  /// - Returns: The free bytes and the message, valid until the arena is reset.
  /// - Throws: ``MessageError`` when the message nests too deeply or the arena's budget is spent.
  public func serialize(in arena: Arena, prefix: Int) throws(MessageError) -> UnsafeMutableRawBufferPointer {
    let message = try build(in: arena).assumingMemoryBound(to: ProtobufCMessage.self)
    let count = prefix + protobuf_c_message_get_packed_size(message)
    let start = try arena.allocate(byteCount: count)
    protobuf_c_message_pack(message, (start + prefix).assumingMemoryBound(to: UInt8.self))
    return UnsafeMutableRawBufferPointer(start: start, count: count)
  }
}
