import Logging
import Messages
import NIOCore
import Synchronization
import TestAPI
import Testing

@testable import RPC

/// Our client against our server, both real.
@Suite("Client and server together", .timeLimit(.minutes(1)))
struct ClientAndServerTests {
  private typealias Request = Scripted.Request
  private typealias Response = Scripted.Response

  private func descriptor(_ name: String, _ kind: CallKind = .unary) -> MethodDescriptor {
    MethodDescriptor(service: Scripted.serviceDescriptor.fullName, name: name, kind: kind)
  }

  private func channel(_ address: ListenAddress, _ interceptors: [any ClientInterceptor] = []) throws -> RPC.Channel {
    try ClientFixture(target: "\(address)", interceptors: interceptors).channel
  }

  private func echo(_ channel: RPC.Channel, _ text: String, _ options: CallOptions = .init()) async throws -> Response {
    try await channel.unary(descriptor("Echo"), Request(text: text), options: options)
  }

  @Test("2,000 calls started at once on one channel all succeed")
  func manyCalls() async throws {
    try await withServer([Scripted.echo]) { _, address in
      let channel = try channel(address)
      let texts = try await withThrowingTaskGroup(of: String.self) { group in
        for number in 0..<2000 { group.addTask { try await echo(channel, "\(number)").text } }
        return try await group.reduce(into: Set<String>()) { $0.insert($1) }
      }
      #expect(texts.count == 2000)
      await channel.close()
    }
  }

  @Test("server streaming delivers everything in order to a reader of any speed")
  func serverStreaming() async throws {
    let method = Scripted.serverStreaming { _, responses, _ in
      for index in 0..<5000 {
        try await responses.write(Response(payload: [UInt8](repeating: 1, count: 500), index: Int32(index)))
      }
    }
    try await withServer([method]) { _, address in
      let channel = try channel(address)
      let responses: ResponseStream<Response> = try await channel.serverStreaming(
        descriptor("ServerStreaming", .serverStreaming),
        Request(),
        options: .init()
      )
      var next: Int32 = 0
      for try await response in responses {
        #expect(response.index == next)
        next += 1
        if next % 1000 == 0 { await Task.yield() }
      }
      #expect(next == 5000)
      await channel.close()
    }
  }

  @Test("client streaming delivers everything")
  func clientStreaming() async throws {
    let method = Scripted.clientStreaming { requests, _ in
      var bytes = 0
      for try await request in requests { bytes += request.payload.count }
      return Response(text: "\(bytes)")
    }
    try await withServer([method]) { _, address in
      let channel = try channel(address)
      let call: ClientStreamingCall<Request, Response> = try await channel.clientStreaming(
        descriptor("ClientStreaming", .clientStreaming),
        options: .init()
      )
      for _ in 0..<1000 { try await call.send(Request(payload: [UInt8](repeating: 1, count: 1000))) }
      #expect(try await call.finish().text == "1000000")
      await channel.close()
    }
  }

  @Test("both directions at once")
  func bidirectional() async throws {
    let method = Scripted.bidirectional { requests, responses, _ in
      for try await request in requests { try await responses.write(Response(text: request.text)) }
    }
    try await withServer([method]) { _, address in
      let channel = try channel(address)
      let call: BidirectionalCall<Request, Response> = try await channel.bidirectional(
        descriptor("Bidirectional", .bidirectional),
        options: .init()
      )
      async let sent: Void = {
        for number in 0..<1000 { try await call.send(Request(text: "\(number)")) }
        call.finishSending()
      }()
      var received = 0
      for try await response in call.responses {
        let expected = "\(received)"
        #expect(response.text == expected)
        received += 1
      }
      try await sent
      #expect(received == 1000)
      await channel.close()
    }
  }

  @Test("a message of almost 4 MiB goes both ways, a larger one neither")
  func largeMessages() async throws {
    try await withServer([Scripted.echo]) { _, address in
      let channel = try channel(address)
      let payload = [UInt8](repeating: 9, count: 4 << 20 - 100)
      let response: Response = try await channel.unary(descriptor("Echo"), Request(payload: payload), options: .init())
      #expect(response.payload.count == payload.count)
      let larger = Request(payload: [UInt8](repeating: 9, count: 4 << 20 + 1))
      let error = try await rpcError {
        let _: Response = try await channel.unary(descriptor("Echo"), larger, options: .init())
      }
      #expect(error.code == .resourceExhausted)
      #expect(try await echo(channel, "still alive").text == "still alive")
      await channel.close()
    }
  }

  @Test("a refusal arrives with its details and metadata")
  func errors() async throws {
    let method = Scripted.unary { _, _ in
      throw RPCError(
        code: .notFound,
        message: "nö",
        details: [.errorInfo(ErrorInfo(reason: "NO_MEMBER", domain: "members"))],
        metadata: ["a": "b"]
      )
    }
    try await withServer([method]) { _, address in
      let channel = try channel(address)
      let error = try await rpcError {
        let _: Response = try await channel.unary(descriptor("Unary"), Request(), options: .init())
      }
      #expect(error.code == .notFound)
      #expect(error.message == "nö")
      #expect(error.info?.reason == "NO_MEMBER")
      #expect(error.metadata["a"] == "b")
      await channel.close()
    }
  }

  @Test("cancelling the caller cancels the handler")
  func cancellation() async throws {
    let started = Flag()
    let cancelled = Flag()
    let method = Scripted.unary { _, _ in
      started.raise()
      await Flag.waitForCancellation()
      cancelled.raise()
      return Response()
    }
    try await withServer([method]) { _, address in
      let channel = try channel(address)
      let task = Task {
        try await rpcError {
          let _: Response = try await channel.unary(descriptor("Unary"), Request(), options: .init())
        }
      }
      await started.wait()
      task.cancel()
      #expect(try await task.value.code == .cancelled)
      await cancelled.wait()
      await channel.close()
    }
  }

  @Test("a handler's own calls inherit its deadline, its trace and its cancellation")
  func chain() async throws {
    let backendStarted = Flag()
    let backendCancelled = Flag()
    let seen = Mutex<(remaining: Duration?, trace: TraceContext.TraceID?)>((nil, nil))
    let backend = Scripted.unary { _, context in
      seen.withLock { $0 = (context.remainingTime, context.trace?.traceID) }
      backendStarted.raise()
      await Flag.waitForCancellation()
      backendCancelled.raise()
      return Response()
    }
    try await withServer([backend], interceptors: [TracingServerInterceptor()]) { _, address in
      let toBackend = try channel(address, [TracingClientInterceptor()])
      let frontend = Scripted.unary { request, context in
        try await toBackend.unary(descriptor("Unary"), request, options: .init())
      }
      try await withServer([frontend], interceptors: [TracingServerInterceptor()]) { _, address in
        let toFrontend = try channel(address, [TracingClientInterceptor()])
        let trace = TraceContext(traceID: .init(high: 3, low: 4), spanID: 5)
        let task = Task {
          let context = ServerContext(method: descriptor("Unary"))
          context.trace = trace
          return try await ServerContext.$current.withValue(context) {
            try await rpcError {
              let _: Response = try await toFrontend.unary(
                descriptor("Unary"),
                Request(),
                options: .init(timeout: .seconds(50))
              )
            }
          }
        }
        await backendStarted.wait()
        let (remaining, traceID) = seen.withLock { $0 }
        let time = try #require(remaining)
        #expect(time <= .seconds(50))
        #expect(traceID == trace.traceID)
        task.cancel()
        _ = try await task.value
        await backendCancelled.wait()
        await toFrontend.close()
      }
      await toBackend.close()
    }
  }

  @Test("a server that drains while calls keep coming loses none of them")
  func drain() async throws {
    // Calls continue while one server drains and the next takes over its port.
    let handled = Mutex(0)
    let slow = Scripted.unary { request, _ in
      handled.withLock { $0 += 1 }
      await Task.yield()
      return Response(text: request.text)
    }
    // An address that no other test uses, so that its ports stay free while no server listens.
    let configuration = ServerConfiguration(addresses: [.tcp(host: "127.0.0.2", port: 0)], eventLoopThreads: 1)
    func makeServer(_ configuration: ServerConfiguration) -> Server {
      Server(configuration: configuration, services: [Scripted(methods: [slow])], logger: .init(label: "test"))
    }
    var server = makeServer(configuration)
    let address = try await server.start()[0]
    let channel = try channel(address)
    let isDone = Flag()
    async let made = withThrowingTaskGroup(of: Int.self) { tasks in
      for _ in 0..<8 {
        tasks.addTask {
          var made = 0
          while !isDone.isRaised {
            let options = CallOptions(waitForReady: true)
            let _: Response = try await channel.unary(descriptor("Unary"), Request(text: "x"), options: options)
            made += 1
          }
          return made
        }
      }
      return try await tasks.reduce(0, +)
    }
    for _ in 0..<5 {
      let before = handled.withLock { $0 }
      while handled.withLock({ $0 }) < before + 50 { await Task.yield() }
      await server.shutdown(grace: .seconds(30))
      server = makeServer(ServerConfiguration(addresses: [address], eventLoopThreads: 1))
      try await server.start()
    }
    isDone.raise()
    let answered = try await made
    #expect(answered == handled.withLock { $0 })
    await channel.close()
    await server.shutdown(grace: .zero)
  }
}
