import Basics

#if DEBUG || FUZZING
  import Logging
  import TestAPI

  @testable import RPC

  /// A server with a method of each kind, and small limits so that inputs reach them.
  enum FuzzServer {
    static let plain = core(web: nil)
    static let web = core(web: site)

    private static var site: WebConfiguration {
      var web = WebConfiguration.defaults
      web.allowedOrigins = .some(["https://a"])
      web.pages = [WebPage(path: "/page", contentType: "text/plain", body: Array("hello".utf8))]
      web.droppedBytesMaximum = 1000
      return web
    }

    private static func core(web: WebConfiguration?) -> ServerCore {
      var configuration = ServerConfiguration(addresses: [])
      configuration.web = web
      configuration.limits.streamsMaximum = 16
      configuration.limits.requestBytesMaximum = 4096
      configuration.limits.streamWindowBytes = 70_000
      configuration.compression.sending = .gzip
      configuration.compression.bytesMinimum = 64
      let service = "patron.testing.v1.Fuzz"
      func method(_ name: String, _ kind: CallKind) -> MethodDescriptor {
        MethodDescriptor(service: service, name: name, kind: kind, hasNoSideEffects: kind == .unary)
      }
      typealias Request = TestingV1.ChatRequest
      typealias Response = TestingV1.ChatResponse
      let methods: [ServerMethod] = [
        .unary(method("Unary", .unary)) { (request: Request, _) in
          Response(text: request.text, payload: request.payload)
        },
        .serverStreaming(method("ServerStreaming", .serverStreaming)) {
          (request: Request, responses: ResponseWriter<Response>, _) in
          for _ in 0..<min(request.payload.count, 100) { try await responses.write(Response(text: request.text)) }
        },
        .clientStreaming(method("ClientStreaming", .clientStreaming)) { (requests: RequestStream<Request>, _) in
          var bytes = 0
          for try await request in requests { bytes += request.payload.count }
          return Response(text: "\(bytes)")
        },
        .bidirectional(method("Bidirectional", .bidirectional)) {
          (requests: RequestStream<Request>, responses: ResponseWriter<Response>, _) in
          for try await request in requests { try await responses.write(Response(payload: request.payload)) }
        },
      ]
      return try! ServerCore(
        configuration: configuration,
        methods: methods,
        interceptors: [],
        logger: Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() },
        random: RandomSource { 0 }
      )
    }
  }
#endif
