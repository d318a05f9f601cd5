/// The message and enum types of proto files by name, for reading and writing JSON.
///
/// Each generated module has its own as a static member (`TypeRegistry.membersProto`), which its messages use by default.
/// A registry also decides which messages a `google.protobuf.Any` may hold, so join the descriptors of several modules
/// when an `Any` crosses between them.
public final class TypeRegistry: Sendable {
  private let messages: [String: MessageDescription]
  private let enums: [String: EnumDescription]

  /// Collects the types of `descriptors`.
  ///
  /// - Parameter descriptors: The files.
  public init(_ descriptors: FileDescriptors) {
    var reader = TypeDescriptionReader()
    for file in descriptors.files {
      file.serializedBytes.withUnsafeBytes { reader.addFile($0) }
    }
    messages = Dictionary(reader.messages.map { ($0.fullName, $0) }, uniquingKeysWith: { first, _ in first })
    enums = Dictionary(reader.enums.map { ($0.fullName, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The full names of all message types, in alphabetical order. Entries of map fields are left out.
  public var messageNames: [String] {
    messages.values.filter { !$0.isMapEntry }.map(\.fullName).sorted()
  }

  /// Returns the message type of a full name.
  func message(_ fullName: String) -> MessageDescription? { messages[fullName] }

  /// Returns the enum type of a full name.
  func enumeration(_ fullName: String) -> EnumDescription? { enums[fullName] }

  /// Returns the message type that the URL of a `google.protobuf.Any` names after its last slash.
  func message(typeURL: String) -> MessageDescription? {
    guard let slash = typeURL.lastIndex(of: "/") else { return nil }
    let name = String(typeURL[typeURL.index(after: slash)...])
    return messages[name].flatMap { $0.isMapEntry ? nil : $0 }
  }
}
