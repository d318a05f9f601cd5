import Messages
import RPC
import Synchronization

/// A channel that loses chosen messages, as when a process or the network dies at that moment.
final class FaultyChannel: ClientChannel {
  /// The message to lose.
  enum Loss: Hashable, Sendable {
    /// The request, so the service never receives it.
    case request
    /// The answer, after the service has done its work. A refusal is not lost.
    case answer
  }

  private let channel: any ClientChannel
  private let losses = Mutex<[String: Loss]>([:])
  private let refusals = Mutex<[String: RPCError]>([:])
  private let calls = Mutex<[String]>([])

  init(_ channel: any ClientChannel) {
    self.channel = channel
  }

  /// Loses a message of the next call of a method.
  func loseNext(_ method: String, _ loss: Loss) {
    losses.withLock { $0[method] = loss }
  }

  /// Refuses the next call of a method, as a service would that does not know the subject yet.
  func refuseNext(_ method: String, _ refusal: RPCError) {
    refusals.withLock { $0[method] = refusal }
  }

  /// The names of the called methods in order.
  var calledMethods: [String] { calls.withLock { $0 } }

  func unary<Request: Message, Response: Message>(
    _ method: MethodDescriptor,
    _ request: Request,
    options: CallOptions
  ) async throws -> Response {
    calls.withLock { $0.append(method.name) }
    if let refusal = refusals.withLock({ $0.removeValue(forKey: method.name) }) { throw refusal }
    try lose(.request, of: method)
    let response: Response = try await channel.unary(method, request, options: options)
    try lose(.answer, of: method)
    return response
  }

  private func lose(_ loss: Loss, of method: MethodDescriptor) throws {
    let isLost = losses.withLock { losses in
      guard losses[method.name] == loss else { return false }
      losses[method.name] = nil
      return true
    }
    if isLost { throw RPCError(code: .unavailable, message: "lost") }
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
