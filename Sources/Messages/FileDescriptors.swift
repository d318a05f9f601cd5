/// The proto files of a generated module, as protoc described them.
///
/// Server reflection sends them, and the JSON mapping reads names and types from them. Each generated module adds its
/// own as a static member (`FileDescriptors.membersProto`). Imported files are included.
public struct FileDescriptors: Sendable {
  /// One proto file.
  public struct File: Sendable, Hashable {
    /// The name other files import it by, such as `patron/members/v1/members.proto`.
    public let name: String
    /// The proto package, such as `patron.members.v1`.
    public let package: String
    /// Names of the files it imports.
    public let dependencies: [String]
    /// Full names of everything it declares: messages, fields, oneofs, enums, enum values, services and methods.
    public let symbols: [String]
    /// Full names of its services.
    public let services: [String]
    /// The encoded `google.protobuf.FileDescriptorProto`.
    public let serializedBytes: [UInt8]
  }

  /// All files; each comes after the ones it imports.
  public let files: [File]

  private let positionOfFile: [String: Int]
  private let positionOfSymbol: [String: Int]

  /// Indexes an encoded `google.protobuf.FileDescriptorSet`.
  ///
  /// - Parameter serializedSet: What protoc wrote. Parts that are not valid are left out.
  public init(serializedSet: UnsafeRawBufferPointer) {
    var files: [File] = []
    var reader = WireReader(serializedSet)
    while let tag = reader.readTag() {
      guard tag.number == 1, tag.wireType == 2 else {
        guard reader.skip(tag) else { break }
        continue
      }
      guard let bytes = reader.readLengthPrefixed() else { break }
      files.append(FileDescriptorReader.file(bytes))
    }
    self.init(files: files)
  }

  /// Joins the files of several modules. A file that is in several of them appears once.
  ///
  /// - Parameter modules: Descriptors of generated modules.
  public init(joining modules: [FileDescriptors]) {
    var names: Set<String> = []
    self.init(files: modules.flatMap(\.files).filter { names.insert($0.name).inserted })
  }

  private init(files: [File]) {
    self.files = files
    positionOfFile = Dictionary(
      files.enumerated().map { ($1.name, $0) },
      uniquingKeysWith: { first, _ in first }
    )
    positionOfSymbol = Dictionary(
      files.enumerated().flatMap { position, file in file.symbols.map { ($0, position) } },
      uniquingKeysWith: { first, _ in first }
    )
  }

  /// Returns the file named `name`.
  ///
  /// - Parameter name: A path such as `patron/members/v1/members.proto`.
  public func file(named name: String) -> File? {
    positionOfFile[name].map { files[$0] }
  }

  /// Returns the file that declares `symbol`.
  ///
  /// - Parameter symbol: A full name without a leading dot, such as `patron.members.v1.MembersService.GetMember`.
  public func file(declaring symbol: String) -> File? {
    positionOfSymbol[symbol].map { files[$0] }
  }

  /// Returns the file named `name` and everything it imports, directly or not.
  ///
  /// - Parameter name: The file's name.
  /// - Returns: The file first, then its imports, each once; empty when there is no such file.
  public func closure(ofFile name: String) -> [File] {
    var result: [File] = []
    var waiting = [name]
    var seen: Set<String> = [name]
    while let next = waiting.popLast() {
      guard let file = file(named: next) else { continue }
      result.append(file)
      waiting.append(contentsOf: file.dependencies.filter { seen.insert($0).inserted })
    }
    return result
  }

  /// Full names of all services.
  public var services: [String] { files.flatMap(\.services) }
}
