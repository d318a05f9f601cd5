public import NIOCore

/// Runs around every call of a channel. The first interceptor of the list is the outermost.
///
/// May change the call, refuse it by throwing, or run code around it. For a unary call `next` returns with the
/// response. A streaming call outlives `next`, which returns when the call has started; add a ``CallObserver`` to
/// ``OutgoingCall/observers`` to observe the end of any call.
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

/// A call about to be made. Interceptors see and change it. Contains no messages.
public struct OutgoingCall: Sendable {
  /// The called method.
  public let method: MethodDescriptor
  /// The channel's target as a URI with its scheme, such as `dns:///loyalty:50051`.
  public let target: String
  /// When the call ends with DEADLINE_EXCEEDED: the earlier of its own timeout and the deadline of the call being
  /// served. `NIODeadline.distantFuture` for none.
  public internal(set) var deadline: NIODeadline
  /// Custom metadata to send.
  public var metadata: Metadata
  /// The call's span in a trace, sent as `traceparent` (W3C Trace Context). Nil sends none.
  public var trace: TraceContext?
  /// Whether to wait for a connection instead of failing while there is none.
  public var waitForReady: Bool
  /// The largest accepted response message in bytes. Nil is the channel's limit.
  public var responseBytesMaximum: Int?
  /// The largest sent request message in bytes. Nil is the channel's limit.
  public var requestBytesMaximum: Int?
  /// The compression of request messages. Nil is the channel's choice.
  public var compression: Compression?
  /// The observers of the call, in order.
  public var observers: [any CallObserver] = []
  /// The service config of the method.
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
  /// Limits the call to `timeout` from now, unless it ends earlier anyway.
  public mutating func limitTime(to timeout: Duration) {
    deadline = min(deadline, .now() + TimeAmount(timeout))
  }
}
