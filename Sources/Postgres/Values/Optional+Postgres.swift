extension Optional: PostgresEncodable where Wrapped: PostgresEncodable {
  public static var postgresType: PostgresType { Wrapped.postgresType }

  public var isPostgresNull: Bool {
    switch self {
    case .none: true
    case .some(let value): value.isPostgresNull
    }
  }

  public func encode(into buffer: inout PostgresBuffer) {
    self?.encode(into: &buffer)
  }
}

extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
  public init(from field: PostgresField) throws(PostgresError) {
    self = field.bytes == nil ? nil : try Wrapped(from: field)
  }
}

extension Optional: PostgresArrayElement where Wrapped: PostgresArrayElement & PostgresCodable {
  public static var postgresArrayType: PostgresType { Wrapped.postgresArrayType }
}
