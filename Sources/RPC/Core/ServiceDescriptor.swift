/// Names a service and its methods.
public struct ServiceDescriptor: Sendable, Hashable {
  /// The full name, such as `patron.members.v1.MembersService`.
  public let fullName: String
  /// Its methods in the order declared.
  public let methods: [MethodDescriptor]

  /// Makes a descriptor.
  public init(fullName: String, methods: [MethodDescriptor]) {
    self.fullName = fullName
    self.methods = methods
  }
}
