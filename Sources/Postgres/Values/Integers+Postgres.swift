/// Reads any integer column into any integer type that can represent its value.
extension PostgresField {
  fileprivate func anyInteger<Integer: FixedWidthInteger>(_: Integer.Type) throws(PostgresError) -> Integer {
    let wide: Int64
    switch type {
    case .int8: wide = try integer(Int64.self)
    case .int4: wide = Int64(try integer(Int32.self))
    case .int2: wide = Int64(try integer(Int16.self))
    case .oid: wide = Int64(try integer(UInt32.self))
    case .numeric:
      throw .decoding("numeric cannot be read as \(Integer.self); cast it in the statement, such as sum(x)::bigint")
    default: throw mismatch(Integer.self)
    }
    guard let value = Integer(exactly: wide) else {
      throw .decoding("a value of \(type) does not fit \(Integer.self)")
    }
    return value
  }
}

extension Int64: PostgresCodable, PostgresArrayElement {
  public static var postgresType: PostgresType { .int8 }
  public static var postgresArrayType: PostgresType { .int8Array }

  public func encode(into buffer: inout PostgresBuffer) {
    buffer.append(self)
  }

  public init(from field: PostgresField) throws(PostgresError) {
    self = try field.anyInteger(Self.self)
  }
}

extension Int: PostgresCodable, PostgresArrayElement {
  public static var postgresType: PostgresType { .int8 }
  public static var postgresArrayType: PostgresType { .int8Array }

  public func encode(into buffer: inout PostgresBuffer) {
    buffer.append(Int64(self))
  }

  public init(from field: PostgresField) throws(PostgresError) {
    self = try field.anyInteger(Self.self)
  }
}

extension Int32: PostgresCodable, PostgresArrayElement {
  public static var postgresType: PostgresType { .int4 }
  public static var postgresArrayType: PostgresType { .int4Array }

  public func encode(into buffer: inout PostgresBuffer) {
    buffer.append(self)
  }

  public init(from field: PostgresField) throws(PostgresError) {
    self = try field.anyInteger(Self.self)
  }
}

extension Int16: PostgresCodable, PostgresArrayElement {
  public static var postgresType: PostgresType { .int2 }
  public static var postgresArrayType: PostgresType { .int2Array }

  public func encode(into buffer: inout PostgresBuffer) {
    buffer.append(self)
  }

  public init(from field: PostgresField) throws(PostgresError) {
    self = try field.anyInteger(Self.self)
  }
}
