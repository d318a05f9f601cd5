/// A JSON document as its text, for `json` and `jsonb` columns.
public struct JSON: Sendable, Hashable {
  /// The document's text. PostgreSQL validates it when storing.
  public var text: String

  public init(_ text: String) {
    self.text = text
  }

  /// The version byte before `jsonb`, always 1 so far.
  private static let version: UInt8 = 1

  static func textBytes(ofBinary bytes: UnsafeRawBufferPointer) throws(PostgresError) -> UnsafeRawBufferPointer {
    guard bytes.first == version else { throw .decoding("a jsonb value has an unknown version") }
    return UnsafeRawBufferPointer(rebasing: bytes.dropFirst())
  }
}

extension JSON: PostgresCodable, PostgresArrayElement {
  public static var postgresType: PostgresType { .jsonb }
  public static var postgresArrayType: PostgresType { .jsonbArray }

  public func encode(into buffer: inout PostgresBuffer) {
    buffer.append(Self.version)
    buffer.append(utf8: text)
  }

  public init(from field: PostgresField) throws(PostgresError) {
    guard field.type == .jsonb || field.type == .json else { throw field.mismatch(Self.self) }
    text = try String(from: field)
  }
}
