public import NIOCore

/// Wraps every call of a channel: the first interceptor of the list is the outermost.
///
/// It may change what is sent, refuse the call by throwing, or run code around it. For a unary call `next` returns when
/// the response is there. A streaming call outlives `next`, which returns when the call was started; add a
/// ``CallObserver`` to ``OutgoingCall/observers`` to learn how any call ends.
public protocol ClientInterceptor: Sendable {
  func intercept<Result: Sendable>(
    _ call: OutgoingCall,
    next: (OutgoingCall) async throws -> Result
  ) async throws -> Result
}

/// Runs a call through the interceptors from `index` on.
struct InterceptorChain<Result: Sendable> {
  let interceptors: [any ClientInterceptor]
  let start: (OutgoingCall) async throws -> Result

  func run(_ call: OutgoingCall, from index: Int = 0) async throws -> Result {
    guard index < interceptors.count else { return try await start(call) }
    return try await interceptors[index].intercept(call) { call in try await run(call, from: index + 1) }
  }
}

/// A call about to be made, as interceptors see and change it. Messages are not part of it.
public struct OutgoingCall: Sendable {
  /// What is called.
  public let method: MethodDescriptor
  /// The channel's target as a URI with its scheme, such as `dns:///loyalty:50051`.
  public let target: String
  /// When the call ends with DEADLINE_EXCEEDED: the smaller of its own timeout and what is left to the call being
  /// served. `NIODeadline.distantFuture` for none.
  public internal(set) var deadline: NIODeadline
  /// Custom metadata to send.
  public var metadata: Metadata
  /// The step of the trace that this call is; sent as `traceparent` (W3C Trace Context). Nil sends none.
  public var trace: TraceContext?
  /// Wait for a connection instead of failing while there is none.
  public var waitForReady: Bool
  /// The largest response message accepted, in bytes; nil is the channel's limit.
  public var responseBytesMaximum: Int?
  /// The largest request message sent, in bytes; nil is the channel's limit.
  public var requestBytesMaximum: Int?
  /// How to pack the request messages; nil is the channel's choice.
  public var compression: Compression?
  /// Who is told what happens to the call, in order.
  public var observers: [any CallObserver] = []
  /// What the service config says of the method.
  let methodConfig: MethodConfigTable.Entry?

  init(
    method: MethodDescriptor,
    target: String,
    options: CallOptions,
    deadline: NIODeadline,
    methodConfig: MethodConfigTable.Entry? = nil
  ) {
    self.method = method
    self.target = target
    self.deadline = deadline
    self.metadata = options.metadata
    self.waitForReady = options.waitForReady ?? methodConfig?.config.waitForReady ?? false
    self.responseBytesMaximum = options.responseBytesMaximum
    self.requestBytesMaximum = options.requestBytesMaximum
    self.compression = options.compression
    self.observers = options.observers
    self.methodConfig = methodConfig
  }
}

extension OutgoingCall {
  /// Makes the call end after `timeout` from now, unless it ends earlier anyway.
  public mutating func limitTime(to timeout: Duration) {
    deadline = min(deadline, .now() + TimeAmount(timeout))
  }
}
