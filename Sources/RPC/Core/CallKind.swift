/// How many messages flow in each direction of a call.
public enum CallKind: Sendable, Hashable, CaseIterable {
  /// One request, one response.
  case unary
  /// Many requests, one response.
  case clientStreaming
  /// One request, many responses.
  case serverStreaming
  /// Many requests and many responses, in any order.
  case bidirectional

  /// Whether the client may send any number of messages.
  public var clientStreams: Bool { self == .clientStreaming || self == .bidirectional }
  /// Whether the server may send any number of messages.
  public var serverStreams: Bool { self == .serverStreaming || self == .bidirectional }
}
