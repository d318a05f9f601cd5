import Messages
import NIOCore
import Testing

@testable import RPC

/// One stream of a ``WireClient``, which stores everything received.
final class WireStream: HTTPStream, @unchecked Sendable {
  typealias Field = (name: String, value: String)

  /// The received header blocks. Read them after ``closed()``, or on the event loop.
  private(set) var blocks: [[Field]] = []
  private(set) var data: [UInt8] = []
  private(set) var closeCode: HTTP2ErrorCode?
  private(set) var hasEnded = false
  private let returnsCredit: Bool
  private let client: WireClient
  private let closedPromise: EventLoopPromise<Void>
  private var dataWaiters: [(bytes: Int, promise: EventLoopPromise<Void>)] = []

  /// - Parameter returnsCredit: Whether the server may continue to send as data arrives.
  init(client: WireClient, returnsCredit: Bool = true) {
    self.client = client
    self.returnsCredit = returnsCredit
    closedPromise = client.channel.eventLoop.makePromise()
  }

  override func didBeginHeaders() { blocks.append([]) }

  override func didReceiveHeader(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
    blocks[blocks.count - 1].append((String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self)))
  }

  override func didReceiveHeaders(endStream: Bool) { hasEnded = hasEnded || endStream }

  override func didReceiveData(_ bytes: UnsafeRawBufferPointer) {
    data.append(contentsOf: bytes)
    if returnsCredit { session?.returnCredit(stream: self, bytes: bytes.count) }
    let ready = dataWaiters.filter { $0.bytes <= data.count }
    dataWaiters.removeAll { $0.bytes <= data.count }
    for waiter in ready { waiter.promise.succeed() }
  }

  override func didReceiveEnd() { hasEnded = true }

  override func didClose(_ code: HTTP2ErrorCode) {
    closeCode = code
    for waiter in dataWaiters { waiter.promise.fail(ChannelError.eof) }
    dataWaiters = []
    closedPromise.succeed()
  }

  /// Waits until the stream is closed.
  func closed() async throws { try await closedPromise.futureResult.get() }

  /// Waits until `bytes` bytes of data have arrived.
  func received(bytes: Int) async throws {
    try await client.channel.eventLoop.flatSubmit { [client] in
      let promise = client.channel.eventLoop.makePromise(of: Void.self)
      if self.data.count >= bytes { promise.succeed() } else { self.dataWaiters.append((bytes, promise)) }
      return promise.futureResult
    }.get()
  }

  /// Reads something of the stream now, on its event loop.
  func peek<Value: Sendable>(_ read: @escaping @Sendable (WireStream) -> Value) async throws -> Value {
    try await client.channel.eventLoop.submit { read(self) }.get()
  }

  func send(_ bytes: [UInt8], endStream: Bool = false) async throws {
    try await client.submit { session in
      session.send(bytes, on: self)
      if endStream { session.finish(self, endingWith: .endStream) }
    }
  }

  func reset(_ code: HTTP2ErrorCode = .cancel) async throws {
    try await client.submit { $0.reset(self, code) }
  }

  func returnCredit(bytes: Int) async throws {
    try await client.submit { $0.returnCredit(stream: self, bytes: bytes) }
  }

  // MARK: Its contents

  /// The first value of a field in any block.
  subscript(name: String) -> String? { blocks.joined().first { $0.name == name }?.value }

  func values(_ name: String) -> [String] { blocks.joined().filter { $0.name == name }.map(\.value) }

  var status: StatusCode? { self["grpc-status"].flatMap(Int.init).map(StatusCode.init(rawValue:)) }

  var details: StatusDetails? {
    self["grpc-status-details-bin"].flatMap { BinaryMetadata.decode($0) }.flatMap { try? StatusDetails(wire: $0) }
  }

  var reason: String? {
    for case .errorInfo(let info)? in details?.details.map(Optional.some) ?? [] { return info.reason }
    return nil
  }

  /// The complete framed messages.
  var frames: [FrameReader.Message] {
    var reader = FrameReader(messageBytesMaximum: .max)
    var messages: [FrameReader.Message] = []
    data.withUnsafeBytes { bytes in
      var rest = bytes
      while let message = try? reader.next(from: &rest) { messages.append(message) }
    }
    return messages
  }

  /// The complete messages.
  var messages: [[UInt8]] { frames.map(\.bytes) }

  func decoded<M: Message>(_ type: M.Type) throws -> [M] { try messages.map { try M(serializedBytes: $0) } }
}

extension WireClient {
  /// Makes the headers of a gRPC request.
  static func headers(
    _ path: String,
    contentType: String = "application/grpc",
    extra: [(String, String)] = []
  ) -> [(String, String)] {
    [
      (":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "test"), ("te", "trailers"),
      ("content-type", contentType),
    ] + extra
  }

  /// Opens a stream with exactly these headers, and a whole body if there is one.
  func open(
    _ headers: [(String, String)],
    body: [UInt8]? = nil,
    returnsCredit: Bool = true
  ) async throws -> WireStream {
    let stream = WireStream(client: self, returnsCredit: returnsCredit)
    try await submit { session in
      try session.submitRequest(stream, headers: HeaderBlock(literally: headers))
      guard let body else { return }
      session.send(body, on: stream)
      session.finish(stream, endingWith: .endStream)
    }
    return stream
  }

  /// Makes one call with a whole body and waits for its end.
  func call(_ headers: [(String, String)], body: [UInt8] = []) async throws -> WireStream {
    let stream = try await open(headers, body: body)
    try await stream.closed()
    return stream
  }

  /// Makes one unary call with one message and waits for its end.
  func call(
    _ path: String,
    _ message: some Message,
    extra: [(String, String)] = []
  ) async throws -> WireStream {
    try await call(Self.headers(path, extra: extra), body: FrameHeader.frame(message.serializedBytes()))
  }

  /// Returns the status of one unary call.
  func status(_ path: String, _ message: some Message, extra: [(String, String)] = []) async throws -> StatusCode? {
    try await call(path, message, extra: extra).status
  }

  /// Returns the reason of one unary call's failure.
  func reason(_ path: String, _ message: some Message, extra: [(String, String)] = []) async throws -> String? {
    try await call(path, message, extra: extra).reason
  }
}

extension HeaderBlock {
  /// Makes metadata from fields without validation.
  init(literally fields: [(String, String)]) {
    self.init()
    for (name, value) in fields { addLiterally(name, value) }
  }
}
