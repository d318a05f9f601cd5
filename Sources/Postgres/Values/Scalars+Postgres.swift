public import FoundationEssentials

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

extension String: PostgresCodable, PostgresArrayElement {
  public static var postgresType: PostgresType { .text }
  public static var postgresArrayType: PostgresType { .textArray }

  public func encode(into buffer: inout PostgresBuffer) {
    buffer.append(utf8: self)
  }

  /// Reads text types, JSON as its text, and labels of enumerations.
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

extension UUID: PostgresCodable, PostgresArrayElement {
  public static var postgresType: PostgresType { .uuid }
  public static var postgresArrayType: PostgresType { .uuidArray }

  public func encode(into buffer: inout PostgresBuffer) {
    withUnsafeBytes(of: uuid) { buffer.append(contentsOf: $0) }
  }

  public static func encode(_ elements: [UUID], into buffer: inout PostgresBuffer) {
    appendHeader(of: elements, hasNulls: false, to: &buffer)
    buffer.append(elements, width: 16) { element, place in place.storeBytes(of: element.uuid, as: uuid_t.self) }
  }

  public init(from field: PostgresField) throws(PostgresError) {
    guard field.type == .uuid else { throw field.mismatch(Self.self) }
    let bytes = try field.value()
    guard bytes.count == 16 else { throw .decoding("a uuid has \(bytes.count) bytes where 16 are wanted") }
    self.init(uuid: bytes.loadUnaligned(as: uuid_t.self))
  }
}

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
