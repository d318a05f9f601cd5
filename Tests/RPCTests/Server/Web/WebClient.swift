import Logging
import NIOCore
import NIOPosix
import Synchronization

@testable import RPC

/// A socket to a server on which a test writes HTTP/1.1 byte by byte.
final class WebClient: Sendable {
  private let channel: any NIOCore.Channel
  private let received: NIOLoopBound<Received>

  private final class Received: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    var text = ""
    var isClosed = false
    var waiter: (condition: (String) -> Bool, promise: EventLoopPromise<String>)?

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      text += String(buffer: unwrapInboundIn(data))
      serve()
    }

    func channelInactive(context: ChannelHandlerContext) {
      isClosed = true
      serve()
    }

    func serve() {
      guard let waiter, isClosed || waiter.condition(text) else { return }
      self.waiter = nil
      waiter.promise.succeed(text)
      text = ""
    }
  }

  init(_ address: ListenAddress) async throws {
    guard case .tcp(let host, let port) = address else { throw ChannelError.operationUnsupported }
    let made = Mutex<NIOLoopBound<Received>?>(nil)
    channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let received = Received()
          made.withLock { $0 = NIOLoopBound(received, eventLoop: channel.eventLoop) }
          try channel.pipeline.syncOperations.addHandler(received)
        }
      }
      .connect(host: host, port: port).get()
    guard let bound = made.withLock({ $0 }) else { throw ChannelError.inappropriateOperationForState }
    received = bound
  }

  func send(_ text: String) async throws { try await channel.writeAndFlush(ByteBuffer(string: text)) }

  /// Waits until the text received since the last call fulfils a condition, or the server has closed, and takes it.
  func receive(until condition: @escaping @Sendable (String) -> Bool = { _ in false }) async throws -> String {
    try await channel.eventLoop.flatSubmit { [received, channel] in
      let promise = channel.eventLoop.makePromise(of: String.self)
      received.value.waiter = (condition, promise)
      received.value.serve()
      return promise.futureResult
    }.get()
  }

  func close() async { try? await channel.close() }

  /// A POST of JSON to a method of ``Scripted``.
  static func post(_ method: String, _ json: String, _ fields: String...) -> String {
    let extra = fields.map { $0 + "\r\n" }.joined()
    return """
      POST \(Scripted.path(method)) HTTP/1.1\r
      host: test\r
      content-type: application/json\r
      content-length: \(json.utf8.count)\r
      \(extra)\r
      \(json)
      """
  }
}

extension Logger {
  /// Writes nothing.
  static var quiet: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}

/// Runs `body` with the address of a server for the web.
func withWebServer(
  _ methods: [ServerMethod],
  web: WebConfiguration = .defaults,
  limits: ServerLimits = .defaults,
  _ body: (ListenAddress) async throws -> Void
) async throws {
  var configuration = ServerConfiguration(addresses: [.tcp(host: "127.0.0.1", port: 0)], limits: limits)
  configuration.web = web
  let server = Server(
    configuration: configuration,
    services: [Scripted(methods: methods)],
    logger: .quiet
  )
  let address = try await server.start()[0]
  do {
    try await body(address)
  } catch {
    await server.shutdown(grace: .zero)
    throw error
  }
  await server.shutdown(grace: .zero)
}
