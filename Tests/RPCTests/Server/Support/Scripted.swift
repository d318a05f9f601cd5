import Logging
import Messages
import TestAPI

@testable import RPC

/// A service of closures.
struct Scripted: RegistrableService {
  static let serviceDescriptor = ServiceDescriptor(fullName: "patron.testing.v1.Scripted", methods: [])
  static var fileDescriptors: FileDescriptors { .testAPI }
  var methods: [ServerMethod]

  typealias Request = TestingV1.ChatRequest
  typealias Response = TestingV1.ChatResponse

  static func path(_ name: String) -> String { "/patron.testing.v1.Scripted/\(name)" }

  static func unary(
    _ name: String = "Unary",
    _ body: @escaping @Sendable (Request, ServerContext) async throws -> Response
  ) -> ServerMethod {
    .unary(MethodDescriptor(service: serviceDescriptor.fullName, name: name, kind: .unary), body)
  }

  static func serverStreaming(
    _ name: String = "ServerStreaming",
    _ body: @escaping @Sendable (Request, ResponseWriter<Response>, ServerContext) async throws -> Void
  ) -> ServerMethod {
    .serverStreaming(
      MethodDescriptor(service: serviceDescriptor.fullName, name: name, kind: .serverStreaming),
      body
    )
  }

  static func clientStreaming(
    _ name: String = "ClientStreaming",
    _ body: @escaping @Sendable (RequestStream<Request>, ServerContext) async throws -> Response
  ) -> ServerMethod {
    .clientStreaming(
      MethodDescriptor(service: serviceDescriptor.fullName, name: name, kind: .clientStreaming),
      body
    )
  }

  static func bidirectional(
    _ name: String = "Bidirectional",
    _ body: @escaping @Sendable (RequestStream<Request>, ResponseWriter<Response>, ServerContext) async throws -> Void
  ) -> ServerMethod {
    .bidirectional(
      MethodDescriptor(service: serviceDescriptor.fullName, name: name, kind: .bidirectional),
      body
    )
  }

  /// A method that returns the text.
  static var echo: ServerMethod {
    unary("Echo") { request, _ in Response(text: request.text, payload: request.payload) }
  }
}

/// Runs `body` with a server of these methods on a free port, and shuts it down.
func withServer(
  _ methods: [ServerMethod],
  limits: ServerLimits = .defaults,
  compression: CompressionConfiguration = .defaults,
  addsErrorInfo: Bool = true,
  interceptors: [any ServerInterceptor] = [],
  host: String = "127.0.0.1",
  _ body: (Server, ListenAddress) async throws -> Void
) async throws {
  var configuration = ServerConfiguration(addresses: [.tcp(host: host, port: 0)], limits: limits)
  configuration.eventLoopThreads = 1
  configuration.compression = compression
  configuration.addsErrorInfo = addsErrorInfo
  // The round trips of a WireClient are PINGs.
  configuration.keepalive.clientPingStrikesMaximum = nil
  let server = Server(
    configuration: configuration,
    services: [Scripted(methods: methods)],
    interceptors: interceptors,
    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
  )
  let addresses = try await server.start()
  do {
    try await body(server, addresses[0])
  } catch {
    await server.shutdown(grace: .zero)
    throw error
  }
  await server.shutdown(grace: .zero)
}

/// Runs `body` with a server and one client of it.
func withServerAndClient(
  _ methods: [ServerMethod],
  limits: ServerLimits = .defaults,
  compression: CompressionConfiguration = .defaults,
  addsErrorInfo: Bool = true,
  interceptors: [any ServerInterceptor] = [],
  settings: HTTP2Settings = HTTP2Settings(),
  _ body: (WireClient) async throws -> Void
) async throws {
  try await withServer(
    methods,
    limits: limits,
    compression: compression,
    addsErrorInfo: addsErrorInfo,
    interceptors: interceptors
  ) { _, address in
    let client = try await WireClient.connect(to: address, settings: settings)
    do {
      try await body(client)
    } catch {
      await client.close()
      throw error
    }
    await client.close()
  }
}
