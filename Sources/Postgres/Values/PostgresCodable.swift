/// A value that can be a parameter of a statement, or a field of a binary COPY.
public protocol PostgresEncodable: Sendable {
  /// The declared type of the parameter.
  static var postgresType: PostgresType { get }

  /// Whether the value is NULL. ``encode(into:)`` is not called then.
  var isPostgresNull: Bool { get }

  /// Writes the value in the binary format of its type.
  func encode(into buffer: inout PostgresBuffer)
}

extension PostgresEncodable {
  public var isPostgresNull: Bool { false }
}

/// A value that can be both a parameter and a result.
public typealias PostgresCodable = PostgresDecodable & PostgresEncodable

/// A value that can be read from a field of a result.
public protocol PostgresDecodable: Sendable {
  /// Reads the value from a field in binary format.
  ///
  /// - Throws: A ``PostgresError`` of kind ``PostgresError/Kind/decoding`` when the field is NULL, has another type, or
  ///   has invalid bytes.
  init(from field: PostgresField) throws(PostgresError)
}

/// One field of a row in PostgreSQL's format. Valid only while the row is being decoded.
public struct PostgresField {
  /// The type of the field's column.
  public var type: PostgresType

  /// The value in binary format; nil for NULL.
  public var bytes: UnsafeRawBufferPointer?

  public init(type: PostgresType, bytes: UnsafeRawBufferPointer?) {
    self.type = type
    self.bytes = bytes
  }

  /// The value's bytes.
  ///
  /// - Throws: A decoding error when the field is NULL.
  public func value() throws(PostgresError) -> UnsafeRawBufferPointer {
    guard let bytes else { throw .decoding("the field is NULL where a value is wanted") }
    return bytes
  }

  /// Reads an integer that fills the field.
  func integer<Integer: FixedWidthInteger>(_: Integer.Type) throws(PostgresError) -> Integer {
    let bytes = try value()
    guard bytes.count == MemoryLayout<Integer>.size else {
      throw .decoding("a field of \(type) has \(bytes.count) bytes where \(MemoryLayout<Integer>.size) are wanted")
    }
    return Integer(bigEndian: bytes.loadUnaligned(as: Integer.self))
  }

  func mismatch<Value>(_: Value.Type) -> PostgresError {
    .decoding("a field of type \(type) cannot be read as \(Value.self)")
  }
}
