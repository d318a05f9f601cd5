extension Double: PostgresCodable, PostgresArrayElement {
  public static var postgresType: PostgresType { .float8 }
  public static var postgresArrayType: PostgresType { .float8Array }

  public func encode(into buffer: inout PostgresBuffer) {
    buffer.append(bitPattern)
  }

  public init(from field: PostgresField) throws(PostgresError) {
    switch field.type {
    case .float8: self = Double(bitPattern: try field.integer(UInt64.self))
    case .float4: self = Double(Float(bitPattern: try field.integer(UInt32.self)))
    default: throw field.mismatch(Self.self)
    }
  }
}

extension Float: PostgresCodable, PostgresArrayElement {
  public static var postgresType: PostgresType { .float4 }
  public static var postgresArrayType: PostgresType { .float4Array }

  public func encode(into buffer: inout PostgresBuffer) {
    buffer.append(bitPattern)
  }

  public init(from field: PostgresField) throws(PostgresError) {
    guard field.type == .float4 else { throw field.mismatch(Self.self) }
    self = Float(bitPattern: try field.integer(UInt32.self))
  }
}
