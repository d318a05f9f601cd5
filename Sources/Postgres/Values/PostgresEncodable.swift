/// A value that can be a parameter of a statement, or a field of a binary COPY.
public protocol PostgresEncodable: Sendable {
  /// The type the parameter is declared to have.
  static var postgresType: PostgresType { get }

  /// Whether the value is NULL; ``encode(into:)`` is not called then.
  var isPostgresNull: Bool { get }

  /// Writes the value in the binary format of its type.
  func encode(into buffer: inout PostgresBuffer)
}

extension PostgresEncodable {
  public var isPostgresNull: Bool { false }
}

/// A value that can be a parameter and come out of a result.
public typealias PostgresCodable = PostgresDecodable & PostgresEncodable
