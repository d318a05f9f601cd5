extension String: PostgresCodable, PostgresArrayElement {
  public static var postgresType: PostgresType { .text }
  public static var postgresArrayType: PostgresType { .textArray }

  public func encode(into buffer: inout PostgresBuffer) {
    buffer.append(utf8: self)
  }

  /// Reads text of any kind, JSON as its text, and the labels of enumerations.
  public init(from field: PostgresField) throws(PostgresError) {
    var bytes = try field.value()
    switch field.type {
    case .text, .varchar, .bpchar, .name, .json, .xml, .unknown, .char: break
    case .jsonb: bytes = try JSON.textBytes(ofBinary: bytes)
    case let type where type.isUserDefined: break
    default: throw field.mismatch(Self.self)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .decoding("a field of \(field.type) is not valid UTF-8")
    }
    self = text
  }
}
