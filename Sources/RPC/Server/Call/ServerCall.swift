import Messages

/// One call for its handler, independent of the wire protocol: gRPC now, others later.
protocol ServerCall: AnyObject, Sendable {
  var context: ServerContext { get }
  /// The encoding of the messages.
  var codec: MessageCodec { get }
  /// The number of header bytes before each encoded message.
  var framePrefix: Int { get }
  /// Scratch memory, when the current thread has some.
  var arena: Arena? { get }

  /// Returns the next request message, unframed and decompressed, if it has arrived.
  ///
  /// Operations that usually need not wait have a synchronous form, because an `await` costs even when it does not
  /// wait.
  func receiveNow() throws(RPCError) -> Received

  /// Waits for the message that ``receiveNow()`` returns.
  func receive() async throws(RPCError) -> [UInt8]?

  /// Ends the requests when the connection drains; see ``RequestStream/untilDrain()``.
  func endRequestsWhenDraining()

  /// Returns whether the call may send another message without waiting.
  func isWritableNow() throws(RPCError) -> Bool

  /// Queues an encoded message after ``framePrefix`` free bytes. Precondition: ``isWritableNow()`` returned true.
  /// - Parameter allowsCompression: False sends the message uncompressed.
  func enqueue(_ frame: UnsafeMutableRawBufferPointer, allowsCompression: Bool)

  /// Waits until such a message may be sent, and queues it.
  func enqueueWhenWritable(_ frame: [UInt8], allowsCompression: Bool) async throws(RPCError)
}

/// The result of reading a request.
enum Received: Sendable {
  case message([UInt8])
  /// The client has sent its last message.
  case end
  /// No message has arrived yet.
  case notYet
}

extension ServerCall {
  func receive<Request: Message>(_ type: Request.Type) async throws(RPCError) -> Request? {
    switch try receiveNow() {
    case .message(let bytes): return try codec.decode(type, bytes, arena: arena)
    case .end: return nil
    case .notYet: break
    }
    guard let bytes = try await receive() else { return nil }
    return try codec.decode(type, bytes, arena: arena)
  }

  /// Reads the only request message. The call starts when the message has arrived.
  func receiveOnly<Request: Message>(_ type: Request.Type) throws(RPCError) -> Request {
    guard case .message(let bytes) = try receiveNow() else {
      throw RPCError(.unimplemented, .wrongCardinality, "the method takes exactly one request message")
    }
    return try codec.decode(type, bytes, arena: arena)
  }

  /// - Returns: False when nothing was sent because the call must wait.
  func sendNow<Response: Message>(_ message: Response, allowsCompression: Bool = true) throws(RPCError) -> Bool {
    guard try isWritableNow() else { return false }
    try codec.encode(message, prefix: framePrefix, arena: arena) { enqueue($0, allowsCompression: allowsCompression) }
    return true
  }

  func send<Response: Message>(_ message: Response, allowsCompression: Bool = true) async throws(RPCError) {
    if try sendNow(message, allowsCompression: allowsCompression) { return }
    var frame: [UInt8] = []
    try codec.encode(message, prefix: framePrefix, arena: arena) { frame = Array($0) }
    try await enqueueWhenWritable(frame, allowsCompression: allowsCompression)
  }
}
