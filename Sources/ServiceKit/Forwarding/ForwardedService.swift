public import CommonProto
public import Messages
public import RPC

/// The exposed methods of a service that is served elsewhere.
public struct ForwardedService: Sendable {
  /// Describes the exposed methods.
  public let descriptor: ServiceDescriptor
  /// The service's proto files, for reflection.
  public let fileDescriptors: FileDescriptors
  let methods: [ServerMethod]

  /// Finds the methods whose policy says `exposed` (patron/access/v1/policy.proto). A method added to the proto is one of
  /// them by its annotation.
  ///
  /// - Parameters:
  ///   - service: The full name, such as `patron.members.v1.MembersService`.
  ///   - fileDescriptors: The files of the generated module that declares it.
  ///   - types: The types of that module.
  ///   - channel: Leads to the service.
  ///   - translate: Makes the caller's error of the service's.
  public init(
    _ service: String,
    _ fileDescriptors: FileDescriptors,
    _ types: TypeRegistry,
    through channel: any ClientChannel,
    translate: @escaping @Sendable (RPCError) -> RPCError
  ) {
    self.fileDescriptors = fileDescriptors
    methods =
      fileDescriptors.service(service)?.methods.filter { MethodPolicies.policy(of: $0).exposed }
      .compactMap { method in
        guard let request = JSONTranscoder(method.requestType, types: types),
          let response = JSONTranscoder(method.responseType, types: types)
        else { return nil }
        let forwarding = Forwarding(
          channel: channel,
          request: request,
          response: response,
          passesOn: Self.passesOn,
          translate: translate
        )
        return .forwarded(method.descriptor(of: service), forwarding)
      } ?? []
    descriptor = ServiceDescriptor(fullName: service, methods: methods.map(\.descriptor))
  }

  /// The caller's own fields go on. What proxies say of the caller, and what only matters between the caller and us, does
  /// not.
  static func passesOn(_ field: Metadata.Field) -> Bool {
    if field.key == "accept-language" { return true }
    return field.key.hasPrefix("x-") && !field.key.hasPrefix("x-forwarded-") && !dropped.contains(field.key)
  }

  private static let dropped: Set<String> = ["x-real-ip", "x-grpc-web", "x-user-agent", "x-requested-with"]
}

extension ServiceDescription.Method {
  fileprivate func descriptor(of service: String) -> MethodDescriptor {
    let kind: CallKind =
      switch (clientStreams, serverStreams) {
      case (false, false): .unary
      case (true, false): .clientStreaming
      case (false, true): .serverStreaming
      case (true, true): .bidirectional
      }
    return MethodDescriptor(service: service, name: name, kind: kind, hasNoSideEffects: hasNoSideEffects)
  }
}

/// The policies that protos declare beside methods.
public enum MethodPolicies {
  /// The number of the option `patron.access.v1.policy`.
  private static let option: UInt32 = 50001

  /// Returns a method's policy. One without has the policy without anything.
  public static func policy(of method: ServiceDescription.Method) -> AccessV1.MethodPolicy {
    declared(by: method) ?? AccessV1.MethodPolicy()
  }

  /// Returns the policy that a method declares, nil if it declares none.
  public static func declared(by method: ServiceDescription.Method) -> AccessV1.MethodPolicy? {
    method.option(option).flatMap { try? AccessV1.MethodPolicy(serializedBytes: $0) }
  }
}
