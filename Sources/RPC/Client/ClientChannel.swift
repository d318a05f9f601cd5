public import Messages

/// Makes calls: a ``Channel`` or a test double. Generated clients need nothing else.
///
/// Every method throws ``RPCError``. A call ends with CANCELLED when its task is cancelled, and with DEADLINE_EXCEEDED
/// after `options.timeout` or at the deadline of the call served by this task (``ServerContext/current``), whichever is
/// sooner.
public protocol ClientChannel: Sendable {
  /// Makes a call with one request and one response.
  func unary<Request: Message, Response: Message>(
    _ method: MethodDescriptor,
    _ request: Request,
    options: CallOptions
  ) async throws -> Response

  /// Makes a call with one request and a stream of responses. Returns at once; the stream throws errors.
  func serverStreaming<Request: Message, Response: Message>(
    _ method: MethodDescriptor,
    _ request: Request,
    options: CallOptions
  ) async throws -> ResponseStream<Response>

  /// Makes a call with a stream of requests and one response.
  func clientStreaming<Request: Message, Response: Message>(
    _ method: MethodDescriptor,
    options: CallOptions
  ) async throws -> ClientStreamingCall<Request, Response>

  /// Makes a call with independent streams of requests and responses.
  func bidirectional<Request: Message, Response: Message>(
    _ method: MethodDescriptor,
    options: CallOptions
  ) async throws -> BidirectionalCall<Request, Response>
}
