extension Bool: PostgresCodable {
  public static var postgresType: PostgresType { .bool }

  public func encode(into buffer: inout PostgresBuffer) {
    buffer.append(UInt8(self ? 1 : 0))
  }

  public init(from field: PostgresField) throws(PostgresError) {
    guard field.type == .bool else { throw field.mismatch(Self.self) }
    self = try field.integer(UInt8.self) != 0
  }
}

extension Bool: PostgresArrayElement {
  public static var postgresArrayType: PostgresType { .boolArray }
}
