/// Describes a service and its methods.
public struct ServiceDescriptor: Sendable, Hashable {
  /// The full name, such as `patron.members.v1.MembersService`.
  public let fullName: String
  /// The methods in the declared order.
  public let methods: [MethodDescriptor]

  /// Makes a descriptor.
  public init(fullName: String, methods: [MethodDescriptor]) {
    self.fullName = fullName
    self.methods = methods
  }
}

/// Describes one method of a service.
public struct MethodDescriptor: Sendable, Hashable {
  /// The full name of the service, such as `patron.members.v1.MembersService`.
  public let service: String
  /// The method's name, such as `GetMember`.
  public let name: String
  /// The number of messages in each direction.
  public let kind: CallKind
  /// The HTTP path, `/service/name`.
  public let path: String
  /// Whether a call changes nothing, so that it may be a GET (`idempotency_level = NO_SIDE_EFFECTS`).
  public let hasNoSideEffects: Bool

  /// Makes a descriptor and builds the path once.
  public init(service: String, name: String, kind: CallKind, hasNoSideEffects: Bool = false) {
    self.service = service
    self.name = name
    self.kind = kind
    self.hasNoSideEffects = hasNoSideEffects
    self.path = "/\(service)/\(name)"
  }

  /// `service/name`, the method's name in metrics and logs (gRFC A66).
  public var fullName: String { String(path.dropFirst()) }
}

/// The number of messages in each direction of a call.
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
