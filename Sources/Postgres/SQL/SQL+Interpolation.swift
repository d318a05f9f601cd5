extension SQL: ExpressibleByStringInterpolation {
  /// Makes a statement from a plain literal.
  public init(stringLiteral value: String) {
    self.init(raw: value)
  }

  /// Makes a statement from a literal with interpolated parameters.
  public init(stringInterpolation: StringInterpolation) {
    self = stringInterpolation.sql
  }

  /// Collects the parts of a literal.
  public struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var sql = SQL()

    public init(literalCapacity: Int, interpolationCount: Int) {
      sql.reserve(textBytes: literalCapacity + interpolationCount * 3, parameters: interpolationCount)
    }

    public mutating func appendLiteral(_ literal: String) {
      sql.append(raw: literal)
    }

    /// Appends a value as a binary parameter.
    public mutating func appendInterpolation(_ value: some PostgresEncodable) {
      sql.append(value: value)
    }

    /// Appends an optional value as a binary parameter. Nil is sent as NULL.
    public mutating func appendInterpolation<Value: PostgresEncodable>(_ value: Value?) {
      sql.append(value: value)
    }

    /// Appends another statement part with its parameters.
    public mutating func appendInterpolation(_ fragment: SQL) {
      sql.append(fragment)
    }

    /// Appends trusted text verbatim. Never pass a value from outside.
    public mutating func appendInterpolation(raw text: String) {
      sql.append(raw: text)
    }

    /// Appends the name of a table, column, schema or channel, quoted so that any name is safe.
    public mutating func appendInterpolation(identifier name: String) {
      sql.append(raw: SQL.quoted(identifier: name))
    }
  }

  /// Quotes a name by PostgreSQL's lexical rules: in double quotes, each inner one doubled. Drops NUL bytes, which no
  /// name can contain.
  static func quoted(identifier name: String) -> String {
    var quoted = "\""
    for scalar in name.unicodeScalars where scalar != "\0" {
      if scalar == "\"" { quoted += "\"" }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted + "\""
  }
}
