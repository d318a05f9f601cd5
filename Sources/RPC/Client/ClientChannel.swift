public import Messages

/// Something that calls can be made through: a ``Channel``, or a stand-in for it. Generated clients need nothing else.
///
/// Every method throws ``RPCError``. A call ends early, with CANCELLED, when the task that runs it is cancelled, and with
/// DEADLINE_EXCEEDED after `options.timeout` or when the call being served by this task (``ServerContext/current``)
/// reaches its own deadline, whichever is sooner.
public protocol ClientChannel: Sendable {
  /// One request, one response.
  func unary<Request: Message, Response: Message>(
    _ method: MethodDescriptor,
    _ request: Request,
    options: CallOptions
  ) async throws -> Response

  /// One request, a stream of responses. Returns at once; what goes wrong is thrown by the stream.
  func serverStreaming<Request: Message, Response: Message>(
    _ method: MethodDescriptor,
    _ request: Request,
    options: CallOptions
  ) async throws -> ResponseStream<Response>

  /// A stream of requests, one response.
  func clientStreaming<Request: Message, Response: Message>(
    _ method: MethodDescriptor,
    options: CallOptions
  ) async throws -> ClientStreamingCall<Request, Response>

  /// A stream of requests and a stream of responses, independent of each other.
  func bidirectional<Request: Message, Response: Message>(
    _ method: MethodDescriptor,
    options: CallOptions
  ) async throws -> BidirectionalCall<Request, Response>
}
