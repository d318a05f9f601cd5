/// What the runtime knows about one generated message type.
public struct MessageType: Sendable, Hashable {
  /// The full proto name, such as `patron.members.v1.Member`.
  public let fullName: String

  /// The `ProtobufCMessageDescriptor` that protobuf-c decodes and encodes with. It lives as long as the process.
  public nonisolated(unsafe) let descriptor: UnsafeRawPointer

  /// Describes a generated message type. Only generated code calls this.
  ///
  /// - Parameters:
  ///   - fullName: The full proto name.
  ///   - descriptor: Address of the type's immortal `ProtobufCMessageDescriptor`.
  @inlinable
  public init(fullName: String, descriptor: UnsafeRawPointer) {
    self.fullName = fullName
    self.descriptor = descriptor
  }
}
