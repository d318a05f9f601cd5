import Messages

/// How messages are written as bytes on a call's wire.
enum MessageCodec: Sendable {
  /// Binary protocol buffers.
  case protobuf

  /// - Parameter arena: scratch memory of the current thread; nil lets the message make its own.
  func decode<M: Message>(_ type: M.Type, _ bytes: [UInt8], arena: Arena?) throws(RPCError) -> M {
    do throws(MessageError) {
      guard let arena else { return try M(serializedBytes: bytes) }
      defer { arena.reset() }
      return try bytes.withUnsafeBufferPointer { bytes throws(MessageError) in
        try M(serializedBytes: UnsafeRawBufferPointer(bytes), arena: arena)
      }
    } catch {
      throw RPCError(decoding: error)
    }
  }

  /// Hands the encoded message to `body`, with `prefix` bytes before it that are the caller's to fill in.
  func encode<M: Message>(
    _ message: M,
    prefix: Int,
    arena: Arena?,
    _ body: (UnsafeMutableRawBufferPointer) -> Void
  ) throws(RPCError) {
    let arena = arena ?? Arena()
    defer { arena.reset() }
    do throws(MessageError) {
      body(try message.serialize(in: arena, prefix: prefix))
    } catch {
      throw RPCError(.internalError, .malformedMessage, "the response cannot be encoded", cause: error)
    }
  }
}

extension RPCError {
  /// The status for a request that cannot be decoded, which is the caller's fault: another request is needed, not another
  /// try (google/rpc/code.proto). The runtime's own framing is not meant; where that is broken, gRPC demands INTERNAL.
  init(decoding error: MessageError) {
    switch error.kind {
    case .tooLarge: self.init(.resourceExhausted, .messageTooLarge, error.description)
    case .malformed, .invalidUTF8, .tooDeep, .malformedJSON, .unexpectedValue, .unknownField, .duplicateField,
      .unknownType, .notRepresentable:
      self.init(.invalidArgument, .malformedMessage, error.description)
    }
  }
}
