/// Reads names out of an encoded `google.protobuf.FileDescriptorProto`. Field numbers are those of `descriptor.proto`.
struct FileDescriptorReader {
  private var package = ""
  private var symbols: [String] = []
  private var services: [String] = []

  /// Describes one file.
  static func file(_ bytes: UnsafeRawBufferPointer) -> FileDescriptors.File {
    var reader = FileDescriptorReader()
    reader.package = texts(of: 2, in: bytes).first ?? ""
    let prefix = reader.package
    for message in submessages(of: 4, in: bytes) { reader.addMessage(message, in: prefix) }
    for enumeration in submessages(of: 5, in: bytes) { reader.addEnum(enumeration, in: prefix) }
    for service in submessages(of: 6, in: bytes) { reader.addService(service, in: prefix) }
    for field in submessages(of: 7, in: bytes) { reader.addNamed(field, in: prefix) }
    return FileDescriptors.File(
      name: texts(of: 1, in: bytes).first ?? "",
      package: reader.package,
      dependencies: texts(of: 3, in: bytes),
      symbols: reader.symbols,
      services: reader.services,
      serializedBytes: Array(bytes)
    )
  }

  private mutating func addMessage(_ bytes: UnsafeRawBufferPointer, in scope: String) {
    let name = addNamed(bytes, in: scope)
    for field in Self.submessages(of: 2, in: bytes) { addNamed(field, in: name) }
    for message in Self.submessages(of: 3, in: bytes) { addMessage(message, in: name) }
    for enumeration in Self.submessages(of: 4, in: bytes) { addEnum(enumeration, in: name) }
    for oneof in Self.submessages(of: 8, in: bytes) { addNamed(oneof, in: name) }
  }

  /// The values of an enum are declared beside it, not inside it.
  private mutating func addEnum(_ bytes: UnsafeRawBufferPointer, in scope: String) {
    addNamed(bytes, in: scope)
    for value in Self.submessages(of: 2, in: bytes) { addNamed(value, in: scope) }
  }

  private mutating func addService(_ bytes: UnsafeRawBufferPointer, in scope: String) {
    let name = addNamed(bytes, in: scope)
    services.append(name)
    for method in Self.submessages(of: 2, in: bytes) { addNamed(method, in: name) }
  }

  @discardableResult
  private mutating func addNamed(_ bytes: UnsafeRawBufferPointer, in scope: String) -> String {
    let name = Self.texts(of: 1, in: bytes).first ?? ""
    let fullName = scope.isEmpty ? name : "\(scope).\(name)"
    symbols.append(fullName)
    return fullName
  }

  static func texts(of number: UInt32, in bytes: UnsafeRawBufferPointer) -> [String] {
    submessages(of: number, in: bytes).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Returns the last number of a varint field, nil when there is none.
  static func number(of number: UInt32, in bytes: UnsafeRawBufferPointer) -> UInt64? {
    var found: UInt64?
    var reader = WireReader(bytes)
    while let tag = reader.readTag() {
      if tag.number == number, tag.wireType == 0 {
        guard let value = reader.readVarint() else { break }
        found = value
      } else if !reader.skip(tag) {
        break
      }
    }
    return found
  }

  static func submessages(
    of number: UInt32,
    in bytes: UnsafeRawBufferPointer
  ) -> [UnsafeRawBufferPointer] {
    var found: [UnsafeRawBufferPointer] = []
    var reader = WireReader(bytes)
    while let tag = reader.readTag() {
      if tag.number == number, tag.wireType == 2 {
        guard let content = reader.readLengthPrefixed() else { break }
        found.append(content)
      } else if !reader.skip(tag) {
        break
      }
    }
    return found
  }
}
