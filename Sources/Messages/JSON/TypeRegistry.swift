/// The message and enum types of some proto files, by name: what reading and writing JSON goes by.
///
/// Each generated module has its own as a static member (`TypeRegistry.patronAPI`), and every message uses that of its
/// module unless another one is given. A registry also says which messages a `google.protobuf.Any` may hold, so join the
/// descriptors of several modules when an `Any` crosses between them.
public final class TypeRegistry: Sendable {
  private let messages: [String: MessageDescription]
  private let enums: [String: EnumDescription]

  /// Collects the types of some proto files.
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

  /// The message type of a full name.
  func message(_ fullName: String) -> MessageDescription? { messages[fullName] }

  /// The enum type of a full name.
  func enumeration(_ fullName: String) -> EnumDescription? { enums[fullName] }

  /// The message type that the URL in a `google.protobuf.Any` names: what follows its last slash.
  func message(typeURL: String) -> MessageDescription? {
    guard let slash = typeURL.lastIndex(of: "/") else { return nil }
    let name = String(typeURL[typeURL.index(after: slash)...])
    return messages[name].flatMap { $0.isMapEntry ? nil : $0 }
  }
}
