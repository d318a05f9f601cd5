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

/// Enumerations and identifiers with a raw value become codable by declaring it:
/// `enum Status: String, PostgresCodable { … }`.
extension RawRepresentable where RawValue: PostgresEncodable, Self: PostgresEncodable {
  public static var postgresType: PostgresType { RawValue.postgresType }

  public var isPostgresNull: Bool { rawValue.isPostgresNull }

  public func encode(into buffer: inout PostgresBuffer) {
    rawValue.encode(into: &buffer)
  }
}

extension RawRepresentable where RawValue: PostgresDecodable, Self: PostgresDecodable {
  public init(from field: PostgresField) throws(PostgresError) {
    guard let value = Self(rawValue: try RawValue(from: field)) else {
      throw .decoding("a value of \(field.type) is none of the values of \(Self.self)")
    }
    self = value
  }
}

extension RawRepresentable where RawValue: PostgresArrayElement, Self: PostgresArrayElement {
  public static var postgresArrayType: PostgresType { RawValue.postgresArrayType }
}
