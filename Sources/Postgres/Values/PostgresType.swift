/// A data type of PostgreSQL, by its object identifier (`pg_type.oid`).
public struct PostgresType: RawRepresentable, Sendable, Hashable {
  /// The object identifier.
  public var rawValue: UInt32

  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  private init(_ rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// A type that the server infers.
  public static let unspecified = PostgresType(0)
  public static let bool = PostgresType(16)
  public static let bytea = PostgresType(17)
  public static let char = PostgresType(18)
  public static let name = PostgresType(19)
  public static let int8 = PostgresType(20)
  public static let int2 = PostgresType(21)
  public static let int4 = PostgresType(23)
  public static let text = PostgresType(25)
  public static let oid = PostgresType(26)
  public static let tid = PostgresType(27)
  public static let json = PostgresType(114)
  public static let xml = PostgresType(142)
  public static let float4 = PostgresType(700)
  public static let float8 = PostgresType(701)
  public static let unknown = PostgresType(705)
  public static let bpchar = PostgresType(1042)
  public static let varchar = PostgresType(1043)
  public static let date = PostgresType(1082)
  public static let timestamp = PostgresType(1114)
  public static let timestamptz = PostgresType(1184)
  public static let numeric = PostgresType(1700)
  public static let void = PostgresType(2278)
  public static let uuid = PostgresType(2950)
  public static let jsonb = PostgresType(3802)

  public static let boolArray = PostgresType(1000)
  public static let byteaArray = PostgresType(1001)
  public static let int2Array = PostgresType(1005)
  public static let int4Array = PostgresType(1007)
  public static let textArray = PostgresType(1009)
  public static let tidArray = PostgresType(1010)
  public static let int8Array = PostgresType(1016)
  public static let float4Array = PostgresType(1021)
  public static let float8Array = PostgresType(1022)
  public static let dateArray = PostgresType(1182)
  public static let timestamptzArray = PostgresType(1185)
  public static let uuidArray = PostgresType(2951)
  public static let jsonbArray = PostgresType(3807)

  /// The first identifier of user-defined types (enumerations, domains, composites).
  static let firstUserDefined: UInt32 = 16_384

  /// Whether the type is user-defined, such as an enumeration, whose binary form is its label.
  var isUserDefined: Bool { rawValue >= Self.firstUserDefined }
}

extension PostgresType: CustomStringConvertible {
  /// The type's name if this library has it, its identifier otherwise.
  public var description: String {
    Self.names[self] ?? "type \(rawValue)"
  }

  private static let names: [PostgresType: String] = [
    .unspecified: "unspecified", .bool: "boolean", .bytea: "bytea", .char: "\"char\"", .name: "name",
    .int8: "bigint", .int2: "smallint", .int4: "integer", .text: "text", .oid: "oid", .tid: "tid", .json: "json",
    .xml: "xml", .float4: "real", .float8: "double precision", .unknown: "unknown", .bpchar: "character",
    .varchar: "varchar", .date: "date", .timestamp: "timestamp", .timestamptz: "timestamptz", .numeric: "numeric",
    .void: "void", .uuid: "uuid", .jsonb: "jsonb", .boolArray: "boolean[]", .byteaArray: "bytea[]",
    .int2Array: "smallint[]", .int4Array: "integer[]", .textArray: "text[]", .tidArray: "tid[]",
    .int8Array: "bigint[]", .float4Array: "real[]", .float8Array: "double precision[]", .dateArray: "date[]",
    .timestamptzArray: "timestamptz[]", .uuidArray: "uuid[]", .jsonbArray: "jsonb[]",
  ]
}
