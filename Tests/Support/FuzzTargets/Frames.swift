import Basics

#if DEBUG || FUZZING
  import Logging
  import NIOCore
  import NIOEmbedded
  import TestAPI

  @testable import RPC

  /// Feeds a server's connection without a socket: the first byte is the size of the pieces, the rest follows the
  /// client's preface. Afterwards an hour passes, and nothing of the connection may be left.
  func fuzzFrames(_ input: [UInt8]) {
    guard let first = input.first else { return }
    let pieceBytes = first == 0 ? Int.max : Int(first)
    let loop = EmbeddedEventLoop()
    let connection = ServerConnection(core: core, loop: LoopResources(loop), peer: Peer(address: "fuzz"))
    var hasEnded = false
    connection.onEnd { hasEnded = true }
    let channel = EmbeddedChannel(handler: connection, loop: loop)
    channel.connect(to: address, promise: nil)
    var rest = clientPreface + input.dropFirst()
    while !rest.isEmpty, channel.isActive {
      _ = try? channel.writeInbound(ByteBuffer(bytes: rest.prefix(pieceBytes)))
      rest = Array(rest.dropFirst(pieceBytes))
      loop.run()
      discardOutput(of: channel)
    }
    for _ in 0..<60 {
      loop.advanceTime(by: .seconds(60))
      discardOutput(of: channel)
    }
    channel.close(promise: nil)
    loop.run()
    precondition(hasEnded, "the connection was closed and something of it still runs")
    precondition(connection.session == nil && connection.state.unfinishedCalls == 0)
    precondition(core.admission.callsInFlight == 0, "a call is still counted after its connection has ended")
  }

  private func discardOutput(of channel: EmbeddedChannel) {
    while let bytes = try? channel.readOutbound(as: ByteBuffer.self) {
      precondition(bytes.readableBytes > 0)
    }
  }

  private let address = try! SocketAddress(unixDomainSocketPath: "/fuzz")

  /// The preface and empty SETTINGS.
  private let clientPreface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + [0, 0, 0, 4, 0, 0, 0, 0, 0]

  /// A server with a method of each kind, and small limits so that inputs reach them.
  private let core: ServerCore = {
    var configuration = ServerConfiguration(addresses: [])
    configuration.limits.streamsMaximum = 16
    configuration.limits.requestBytesMaximum = 4096
    configuration.limits.streamWindowBytes = 70_000
    configuration.compression.sending = .gzip
    configuration.compression.bytesMinimum = 64
    let service = "patron.testing.v1.Fuzz"
    func method(_ name: String, _ kind: CallKind) -> MethodDescriptor {
      MethodDescriptor(service: service, name: name, kind: kind)
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
  }()
#endif
