/// Names one method of one service.
public struct MethodDescriptor: Sendable, Hashable {
  /// The full name of the service, such as `patron.members.v1.MembersService`.
  public let service: String
  /// The method's own name, such as `GetMember`.
  public let name: String
  /// How many messages flow each way.
  public let kind: CallKind
  /// The HTTP/2 path, `/service/name`.
  public let path: String

  /// Makes a descriptor; the path is built here, once.
  public init(service: String, name: String, kind: CallKind) {
    self.service = service
    self.name = name
    self.kind = kind
    self.path = "/\(service)/\(name)"
  }

  /// `service/name`, as metrics and logs name the method (gRFC A66).
  public var fullName: String { String(path.dropFirst()) }
}
