import Messages

/// One call as its handler's side sees it, whatever wire it came on: gRPC now, other protocols later.
protocol ServerCall: AnyObject, Sendable {
  var context: ServerContext { get }
  /// How the messages are written.
  var codec: MessageCodec { get }
  /// Bytes the wire needs before each encoded message.
  var framePrefix: Int { get }
  /// Scratch memory, when the current thread owns some.
  var arena: Arena? { get }

  /// The next request message, unframed and uncompressed, if it is there already.
  ///
  /// What usually succeeds without waiting has a form that cannot wait: an `await` costs even when it does not.
  func receiveNow() throws(RPCError) -> Received

  /// Waits for what ``receiveNow()`` returns.
  func receive() async throws(RPCError) -> [UInt8]?

  /// See ``RequestStream/untilDrain()``.
  func endRequestsWhenDraining()

  /// Whether the call may send another message without waiting.
  func isWritableNow() throws(RPCError) -> Bool

  /// Queues an encoded message that begins with ``framePrefix`` free bytes; only after ``isWritableNow()`` has said
  /// yes.
  /// - Parameter allowsCompression: false sends the message as it is, even in a call that packs its messages.
  func enqueue(_ frame: UnsafeMutableRawBufferPointer, allowsCompression: Bool)

  /// Waits until there is room for such a message and queues it.
  func enqueueWhenWritable(_ frame: [UInt8], allowsCompression: Bool) async throws(RPCError)
}

/// What a reader of requests gets.
enum Received: Sendable {
  case message([UInt8])
  /// The client has sent its last message.
  case end
  /// Nothing yet.
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

  /// The only request message of a call that takes exactly one; the wire starts such a call when it is there.
  func receiveOnly<Request: Message>(_ type: Request.Type) throws(RPCError) -> Request {
    guard case .message(let bytes) = try receiveNow() else {
      throw RPCError(.unimplemented, .wrongCardinality, "the method takes exactly one request message")
    }
    return try codec.decode(type, bytes, arena: arena)
  }

  /// - Returns: false when nothing was sent because the call must wait.
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
