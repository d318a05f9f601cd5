/// A service as its proto file declares it.
public struct ServiceDescription: Sendable, Hashable {
  /// One method.
  public struct Method: Sendable, Hashable {
    /// The name, such as `GetMember`.
    public let name: String
    /// The full names of the two messages.
    public let requestType: String
    public let responseType: String
    /// Whether there may be many requests, and many responses.
    public let clientStreams: Bool
    public let serverStreams: Bool
    /// Whether a call changes nothing (`idempotency_level = NO_SIDE_EFFECTS`).
    public let hasNoSideEffects: Bool
    /// The encoded `google.protobuf.MethodOptions`.
    public let options: [UInt8]

    /// Returns the bytes of an own option that is a message, nil when the method does not have it.
    ///
    /// - Parameter number: The number of the extension.
    public func option(_ number: UInt32) -> [UInt8]? {
      options.withUnsafeBytes { FileDescriptorReader.submessages(of: number, in: $0).last.map { Array($0) } }
    }
  }

  /// The full name, such as `patron.members.v1.MembersService`.
  public let fullName: String
  /// The methods in the declared order.
  public let methods: [Method]
}

extension FileDescriptors {
  /// Returns a service by its full name.
  public func service(_ fullName: String) -> ServiceDescription? {
    guard let file = file(declaring: fullName), file.services.contains(fullName) else { return nil }
    return file.serializedBytes.withUnsafeBytes { bytes in
      FileDescriptorReader.submessages(of: 6, in: bytes)
        .map { ServiceDescription($0, package: file.package) }
        .first { $0.fullName == fullName }
    }
  }
}

extension ServiceDescription {
  /// Reads a `google.protobuf.ServiceDescriptorProto`.
  fileprivate init(_ bytes: UnsafeRawBufferPointer, package: String) {
    let name = FileDescriptorReader.texts(of: 1, in: bytes).first ?? ""
    fullName = package.isEmpty ? name : "\(package).\(name)"
    methods = FileDescriptorReader.submessages(of: 2, in: bytes).map { Method($0) }
  }
}

extension ServiceDescription.Method {
  /// The value of `MethodOptions.IdempotencyLevel.NO_SIDE_EFFECTS`.
  private static let noSideEffects: UInt64 = 1

  /// Reads a `google.protobuf.MethodDescriptorProto`.
  fileprivate init(_ bytes: UnsafeRawBufferPointer) {
    name = FileDescriptorReader.texts(of: 1, in: bytes).first ?? ""
    requestType = Self.type(FileDescriptorReader.texts(of: 2, in: bytes))
    responseType = Self.type(FileDescriptorReader.texts(of: 3, in: bytes))
    clientStreams = FileDescriptorReader.number(of: 5, in: bytes) == 1
    serverStreams = FileDescriptorReader.number(of: 6, in: bytes) == 1
    options = FileDescriptorReader.submessages(of: 4, in: bytes).first.map { Array($0) } ?? []
    hasNoSideEffects = options.withUnsafeBytes { FileDescriptorReader.number(of: 34, in: $0) } == Self.noSideEffects
  }

  /// Type names in descriptors begin with a dot.
  private static func type(_ names: [String]) -> String { String((names.first ?? "").drop { $0 == "." }) }
}
