import Messages
import RPC

/// A channel whose unary calls have a time limit unless the caller names one. Streams may go on.
struct PeerChannel: ClientChannel {
  let channel: Channel
  let timeout: Duration

  func unary<Request: Message, Response: Message>(
    _ method: MethodDescriptor,
    _ request: Request,
    options: CallOptions
  ) async throws -> Response {
    var options = options
    if options.timeout == nil { options.timeout = timeout }
    return try await channel.unary(method, request, options: options)
  }

  func serverStreaming<Request: Message, Response: Message>(
    _ method: MethodDescriptor,
    _ request: Request,
    options: CallOptions
  ) async throws -> ResponseStream<Response> {
    try await channel.serverStreaming(method, request, options: options)
  }

  func clientStreaming<Request: Message, Response: Message>(
    _ method: MethodDescriptor,
    options: CallOptions
  ) async throws -> ClientStreamingCall<Request, Response> {
    try await channel.clientStreaming(method, options: options)
  }

  func bidirectional<Request: Message, Response: Message>(
    _ method: MethodDescriptor,
    options: CallOptions
  ) async throws -> BidirectionalCall<Request, Response> {
    try await channel.bidirectional(method, options: options)
  }
}
