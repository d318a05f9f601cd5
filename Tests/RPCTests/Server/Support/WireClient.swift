import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import RPC

/// An HTTP/2 client that leaves everything above HTTP/2 to the test. Runs on its event loop.
final class WireClient: Sendable {
  let channel: any NIOCore.Channel
  private let connection: NIOLoopBound<WireConnection>

  private init(channel: any NIOCore.Channel, connection: NIOLoopBound<WireConnection>) {
    self.channel = channel
    self.connection = connection
  }

  static func connect(
    to address: ListenAddress,
    settings: HTTP2Settings = HTTP2Settings()
  ) async throws -> WireClient {
    let made = Mutex<NIOLoopBound<WireConnection>?>(nil)
    let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let connection = WireConnection(settings: settings)
          made.withLock { $0 = NIOLoopBound(connection, eventLoop: channel.eventLoop) }
          try channel.pipeline.syncOperations.addHandler(connection)
        }
      }
    let channel: any NIOCore.Channel
    switch address {
    case .tcp(let host, let port): channel = try await bootstrap.connect(host: host, port: port).get()
    case .unix(let path): channel = try await bootstrap.connect(unixDomainSocketPath: path).get()
    }
    return WireClient(channel: channel, connection: try #require(made.withLock { $0 }))
  }

  /// Runs `body` with the session and writes its output.
  @discardableResult
  func submit<Result: Sendable>(_ body: @escaping @Sendable (HTTP2Session) throws -> Result) async throws -> Result {
    try await channel.eventLoop.submit { [connection] in
      guard let session = connection.value.session else { throw ChannelError.ioOnClosedChannel }
      let result = try body(session)
      connection.value.flush()
      return result
    }.get()
  }

  /// Waits until the server has read everything sent so far, and everything it had sent by then has arrived.
  func roundTrip() async throws {
    try await channel.eventLoop.flatSubmit { [connection, channel] in
      let promise = channel.eventLoop.makePromise(of: Void.self)
      connection.value.ping(promise)
      return promise.futureResult
    }.get()
  }

  /// Returns the stream limit in the server's SETTINGS.
  func streamsMaximum() async throws -> UInt32 {
    try await roundTrip()
    return try await submit { $0.peerConcurrentStreamsMaximum }
  }

  /// Returns the GOAWAYs received so far.
  func goAways() async throws -> [WireConnection.GoAway] {
    try await channel.eventLoop.submit { [connection] in connection.value.goAways }.get()
  }

  func waitUntilClosed() async throws { try await channel.closeFuture.get() }

  func close() async { try? await channel.close() }
}

/// The handler behind a ``WireClient``.
final class WireConnection: ChannelInboundHandler, HTTP2SessionDelegate {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  struct GoAway: Sendable, Equatable {
    var code: HTTP2ErrorCode
    var lastStreamID: Int32
  }

  private(set) var session: HTTP2Session?
  private(set) var goAways: [GoAway] = []
  private var context: ChannelHandlerContext?
  private var pings: [EventLoopPromise<Void>] = []
  private let settings: HTTP2Settings

  init(settings: HTTP2Settings) { self.settings = settings }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    session = HTTP2Session(role: .client, settings: settings, delegate: self)
  }

  func channelActive(context: ChannelHandlerContext) { flush() }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let buffer = unwrapInboundIn(data)
    do {
      try buffer.withUnsafeReadableBytes { bytes throws(HTTP2SessionError) in try session?.receive(bytes) }
    } catch {
      context.close(promise: nil)
    }
    flush()
  }

  func channelInactive(context: ChannelHandlerContext) {
    let session = session
    self.session = nil
    self.context = nil
    session?.close(.cancel)
    for ping in pings { ping.fail(ChannelError.eof) }
    pings = []
  }

  func flush() {
    guard let context, let session else { return }
    while let buffer = try? session.drain(upTo: 1 << 16) {
      context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }
    if session.isFinished { context.close(promise: nil) }
  }

  func ping(_ promise: EventLoopPromise<Void>) {
    guard let session else { return promise.fail(ChannelError.ioOnClosedChannel) }
    pings.append(promise)
    session.ping(UInt64(pings.count))
    flush()
  }

  func session(_ session: HTTP2Session, didReceivePing payload: UInt64, isAcknowledgement: Bool) {
    guard isAcknowledgement, !pings.isEmpty else { return }
    pings.removeFirst().succeed()
  }

  func session(
    _ session: HTTP2Session,
    didReceiveGoAway code: HTTP2ErrorCode,
    lastStreamID: Int32,
    debugData: [UInt8]
  ) {
    goAways.append(GoAway(code: code, lastStreamID: lastStreamID))
  }
}
