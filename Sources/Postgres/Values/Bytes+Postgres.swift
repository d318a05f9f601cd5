/// `[UInt8]` is `bytea`; its element has no PostgreSQL type of its own.
extension UInt8: PostgresArrayElement {
  public static var postgresArrayType: PostgresType { .bytea }

  public static func encode(_ elements: [UInt8], into buffer: inout PostgresBuffer) {
    buffer.append(contentsOf: elements)
  }

  public static func decode(from field: PostgresField) throws(PostgresError) -> [UInt8] {
    guard field.type == .bytea || field.type.isUserDefined else { throw field.mismatch([UInt8].self) }
    return Array(try field.value())
  }
}

/// `[[UInt8]]` is `bytea[]`.
extension Array: PostgresArrayElement where Element == UInt8 {
  public static var postgresArrayType: PostgresType { .byteaArray }
}
