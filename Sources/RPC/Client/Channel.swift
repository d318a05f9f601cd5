import Basics
public import Logging
public import Messages
import NIOCore
import NIOPosix
import Synchronization

/// One or more connections to one target for any number of concurrent calls. Make one per target and keep it.
///
/// Connects with the first call and again after a loss. Calls beyond the server's limit for one connection open
/// another, up to a maximum, then wait. A call that a server provably did not handle (the server drained, or refused
/// the stream) is repeated transparently; other failed calls only by ``ChannelConfiguration/serviceConfig``.
public final class Channel: ClientChannel {
  /// The target of the calls, in the form that metrics use.
  public let target: ChannelTarget
  private let configuration: ChannelConfiguration
  private let interceptors: [any ClientInterceptor]
  private let lanes: [ChannelLane]
  private let lanesByEventLoop: [ObjectIdentifier: ChannelLane]
  private let methodConfigs: MethodConfigTable
  private let isClosed = Atomic(false)

  /// - Parameters:
  ///   - target: The address to connect to, in one of the forms of ``ChannelTarget``.
  ///   - interceptors: Run around every call, the first outermost.
  /// - Throws: ``ChannelTarget/ParseError``.
  public convenience init(
    target: String,
    configuration: ChannelConfiguration = .defaults,
    interceptors: [any ClientInterceptor] = [],
    logger: Logger = Logger(label: "rpc.channel")
  ) throws(ChannelTarget.ParseError) {
    self.init(
      target: try ChannelTarget(parsing: target),
      configuration: configuration,
      interceptors: interceptors,
      logger: logger
    )
  }

  /// Makes a channel that is not connected. The parameters are those of the other initialiser.
  public convenience init(
    target: ChannelTarget,
    configuration: ChannelConfiguration = .defaults,
    interceptors: [any ClientInterceptor] = [],
    logger: Logger = Logger(label: "rpc.channel")
  ) {
    self.init(
      target: target,
      configuration: configuration,
      interceptors: interceptors,
      logger: logger,
      resolver: .system,
      random: .system
    )
  }

  init(
    target: ChannelTarget,
    configuration: ChannelConfiguration,
    interceptors: [any ClientInterceptor],
    logger: Logger,
    resolver: NameResolver,
    random: RandomSource
  ) {
    self.target = target
    self.configuration = configuration
    self.interceptors = interceptors
    var logger = logger
    logger[metadataKey: "target"] = "\(target)"
    let tls = configuration.tls.map { TLSContexts($0, logger: logger) }
    methodConfigs = MethodConfigTable(configuration.serviceConfig.methods)
    let repetition = RepetitionLimits(configuration)
    lanes = configuration.eventLoopGroup.makeIterator().map { [logger] eventLoop in
      ChannelLane(
        eventLoop: eventLoop,
        target: target,
        configuration: configuration,
        tls: tls,
        logger: logger,
        resolver: resolver,
        balancer: configuration.serviceConfig.loadBalancing.makeBalancer(using: random),
        random: random,
        repetition: repetition
      )
    }
    lanesByEventLoop = Dictionary(uniqueKeysWithValues: lanes.map { (ObjectIdentifier($0.eventLoop), $0) })
  }

  deinit {
    // No more calls can be made. The running ones end by themselves.
    if !isClosed.load(ordering: .relaxed) {
      for lane in lanes { lane.close(grace: nil, promise: nil) }
    }
  }

  /// Refuses new calls, lets running ones continue for ``ChannelConfiguration/closeGrace``, cancels the rest, and
  /// returns when every connection is closed. Calls that wait for a connection fail at once with UNAVAILABLE.
  public func close() async {
    isClosed.store(true, ordering: .relaxed)
    let closed = lanes.map { lane in
      let promise = lane.eventLoop.makePromise(of: Void.self)
      lane.close(grace: configuration.closeGrace, promise: promise)
      return promise.futureResult
    }
    for future in closed { try? await future.get() }
  }

  /// The lane of the caller's event loop if the channel uses it. All other callers share one lane, so that they share a
  /// connection and their calls are written together.
  private var lane: ChannelLane {
    if let current = MultiThreadedEventLoopGroup.currentEventLoop,
      let lane = lanesByEventLoop[ObjectIdentifier(current)]
    {
      return lane
    }
    return lanes[0]
  }
}

extension Channel {
  /// Makes a call with one request and one response.
  public func unary<Request: Message, Response: Message>(
    _ method: MethodDescriptor,
    _ request: Request,
    options: CallOptions
  ) async throws -> Response {
    let startTime = NIODeadline.now()
    let outgoing = makeOutgoing(method, options, startTime)
    if interceptors.isEmpty { return try await unary(outgoing, request, startTime) }
    return try await InterceptorChain(interceptors: interceptors) { outgoing in
      try await self.unary(outgoing, request, startTime)
    }.run(outgoing)
  }

  private func unary<Request: Message, Response: Message>(
    _ outgoing: OutgoingCall,
    _ request: Request,
    _ startTime: NIODeadline
  ) async throws -> Response {
    let frame = try frame(request, for: outgoing)
    let response = SingleResponse()
    let call = ClientCall(outgoing, lane: lane, startTime: startTime, request: frame, receiver: response)
    let message = try await withTaskCancellationHandler {
      try await withUnsafeThrowingContinuation { continuation in
        response.resume(continuation)
        call.lane.submit(.start(call))
      }
    } onCancel: {
      call.lane.submit(.cancel(call))
    }
    return try ClientCodec.decode(Response.self, message, bytesMaximum: call.responseBytesMaximum)
  }

  /// Starts a call with one request and a stream of responses.
  public func serverStreaming<Request: Message, Response: Message>(
    _ method: MethodDescriptor,
    _ request: Request,
    options: CallOptions
  ) async throws -> ResponseStream<Response> {
    try await start(method, options) { outgoing, startTime in
      let frame = try self.frame(request, for: outgoing)
      let queue = ResponseQueue()
      let call = ClientCall(outgoing, lane: self.lane, startTime: startTime, request: frame, receiver: queue)
      call.lane.submit(.start(call))
      return ResponseStream(subscription: ResponseSubscription(call, queue: queue))
    }
  }

  /// Starts a call with a stream of requests and one response.
  public func clientStreaming<Request: Message, Response: Message>(
    _ method: MethodDescriptor,
    options: CallOptions
  ) async throws -> ClientStreamingCall<Request, Response> {
    try await start(method, options) { outgoing, startTime in
      let (sender, responses): (RequestSender, ResponseStream<Response>) = self.open(outgoing, startTime)
      return ClientStreamingCall(sender: sender, responses: responses)
    }
  }

  /// Starts a call with a stream of requests and a stream of responses.
  public func bidirectional<Request: Message, Response: Message>(
    _ method: MethodDescriptor,
    options: CallOptions
  ) async throws -> BidirectionalCall<Request, Response> {
    try await start(method, options) { outgoing, startTime in
      let (sender, responses): (RequestSender, ResponseStream<Response>) = self.open(outgoing, startTime)
      return BidirectionalCall(sender: sender, responses: responses)
    }
  }

  private func open<Response: Message>(
    _ outgoing: OutgoingCall,
    _ startTime: NIODeadline
  ) -> (RequestSender, ResponseStream<Response>) {
    let queue = ResponseQueue()
    let feed = RequestFeed(budgetBytes: configuration.limits.sentStreamBytes)
    let gzipBytesMinimum = gzipBytesMinimum(of: outgoing)
    let call = ClientCall(
      outgoing,
      lane: lane,
      startTime: startTime,
      feed: feed,
      encoding: gzipBytesMinimum == nil ? .identity : .gzip,
      receiver: queue
    )
    call.lane.submit(.start(call))
    return (
      RequestSender(call: call, feed: feed, gzipBytesMinimum: gzipBytesMinimum),
      ResponseStream(subscription: ResponseSubscription(call, queue: queue))
    )
  }

  private func start<Call: Sendable>(
    _ method: MethodDescriptor,
    _ options: CallOptions,
    _ start: @escaping (OutgoingCall, NIODeadline) throws -> Call
  ) async throws -> Call {
    let startTime = NIODeadline.now()
    let outgoing = makeOutgoing(method, options, startTime)
    return try await InterceptorChain(interceptors: interceptors) { try start($0, startTime) }.run(outgoing)
  }

  private func frame<Request: Message>(_ request: Request, for outgoing: OutgoingCall) throws(RPCError) -> [UInt8] {
    let limit = outgoing.requestBytesMaximum ?? configuration.limits.sentMessageBytes
    return try ClientCodec.frame(request, bytesMaximum: limit, gzipBytesMinimum: gzipBytesMinimum(of: outgoing))
  }

  /// Returns the smallest size of a message worth compressing, nil for no compression.
  private func gzipBytesMinimum(of outgoing: OutgoingCall) -> Int? {
    let compression = configuration.compression
    guard (outgoing.compression ?? compression.sending) == .gzip, !lane.isGzipRefused else {
      return nil
    }
    return compression.bytesMinimum
  }

  private func makeOutgoing(
    _ method: MethodDescriptor,
    _ options: CallOptions,
    _ startTime: NIODeadline
  ) -> OutgoingCall {
    let methodConfig = methodConfigs.entry(for: method)
    var deadline = options.timeout.map { startTime + TimeAmount($0) } ?? .distantFuture
    if let timeout = methodConfig?.config.timeout { deadline = min(deadline, startTime + TimeAmount(timeout)) }
    if let inherited = ServerContext.current?.deadline { deadline = min(deadline, inherited) }
    var outgoing = OutgoingCall(
      method: method,
      target: target.description,
      options: options,
      deadline: deadline,
      methodConfig: methodConfig
    )
    applyMethodLimits(to: &outgoing)
    return outgoing
  }

  /// Applies the channel's limits for the method unless the call has its own. The service config only lowers them. Most
  /// channels set none.
  private func applyMethodLimits(to outgoing: inout OutgoingCall) {
    if !configuration.limits.receivedMessageBytesByMethod.isEmpty, outgoing.responseBytesMaximum == nil {
      outgoing.responseBytesMaximum = configuration.limits.receivedMessageBytesByMethod[outgoing.method.fullName]
    }
    if !configuration.limits.sentMessageBytesByMethod.isEmpty, outgoing.requestBytesMaximum == nil {
      outgoing.requestBytesMaximum = configuration.limits.sentMessageBytesByMethod[outgoing.method.fullName]
    }
    guard let methodConfig = outgoing.methodConfig?.config else { return }
    if let maximum = methodConfig.responseBytesMaximum {
      let limit = outgoing.responseBytesMaximum ?? configuration.limits.receivedMessageBytes
      outgoing.responseBytesMaximum = min(maximum, limit)
    }
    if let maximum = methodConfig.requestBytesMaximum {
      let limit = outgoing.requestBytesMaximum ?? configuration.limits.sentMessageBytes
      outgoing.requestBytesMaximum = min(maximum, limit)
    }
  }
}
