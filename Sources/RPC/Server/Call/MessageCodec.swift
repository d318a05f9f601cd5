import Messages

/// The encoding of a call's messages.
enum MessageCodec: Sendable {
  /// Binary protocol buffers.
  case protobuf
  /// JSON as protocol buffers map it.
  case json

  /// - Parameter arena: Scratch memory of the current thread. Nil lets the message make its own.
  func decode<M: Message>(_ type: M.Type, _ bytes: [UInt8], arena: Arena?) throws(RPCError) -> M {
    do throws(MessageError) {
      if self == .json { return try M(jsonBytes: bytes) }
      guard let arena else { return try M(serializedBytes: bytes) }
      defer { arena.reset() }
      return try bytes.withUnsafeBufferPointer { bytes throws(MessageError) in
        try M(serializedBytes: UnsafeRawBufferPointer(bytes), arena: arena)
      }
    } catch {
      throw RPCError(decoding: error)
    }
  }

  /// Encodes a message and passes it to `body` after `prefix` free bytes for the caller to fill.
  func encode<M: Message>(
    _ message: M,
    prefix: Int,
    arena: Arena?,
    _ body: (UnsafeMutableRawBufferPointer) -> Void
  ) throws(RPCError) {
    let arena = arena ?? Arena()
    defer { arena.reset() }
    do throws(MessageError) {
      if self == .json {
        var frame = [UInt8](repeating: 0, count: prefix)
        frame += try message.jsonBytes()
        frame.withUnsafeMutableBytes { body($0) }
        return
      }
      body(try message.serialize(in: arena, prefix: prefix))
    } catch {
      throw RPCError(.internalError, .malformedMessage, "the response cannot be encoded", cause: error)
    }
  }
}

extension RPCError {
  /// Makes the error for a request that cannot be decoded. It is the caller's fault: another request is needed, not a
  /// repetition (google/rpc/code.proto). Broken framing is different; there gRPC requires INTERNAL.
  init(decoding error: MessageError) {
    switch error.kind {
    case .tooLarge: self.init(.resourceExhausted, .messageTooLarge, error.description)
    case .malformed, .invalidUTF8, .tooDeep, .malformedJSON, .unexpectedValue, .unknownField, .duplicateField,
      .unknownType, .notRepresentable:
      self.init(.invalidArgument, .malformedMessage, error.description)
    }
  }
}
