extension SQL: ExpressibleByStringInterpolation {
  /// A statement written as a plain literal.
  public init(stringLiteral value: String) {
    self.init(raw: value)
  }

  /// A statement written as a literal with interpolated parameters.
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

    /// A value, sent apart from the text as a binary parameter.
    public mutating func appendInterpolation(_ value: some PostgresEncodable) {
      sql.append(value: value)
    }

    /// A value that may be missing; nil is sent as NULL.
    public mutating func appendInterpolation<Value: PostgresEncodable>(_ value: Value?) {
      sql.append(value: value)
    }

    /// Another statement part with its own parameters.
    public mutating func appendInterpolation(_ fragment: SQL) {
      sql.append(fragment)
    }

    /// Trusted text, inserted as it is. Never pass a value from outside.
    public mutating func appendInterpolation(raw text: String) {
      sql.append(raw: text)
    }

    /// The name of a table, column, schema or channel, quoted so that any name is safe.
    public mutating func appendInterpolation(identifier name: String) {
      sql.append(raw: SQL.quoted(identifier: name))
    }
  }

  /// Quotes a name as PostgreSQL's lexical rules ask: in double quotes, each inner one doubled. A NUL byte, which no
  /// name can hold, is left out.
  static func quoted(identifier name: String) -> String {
    var quoted = "\""
    for scalar in name.unicodeScalars where scalar != "\0" {
      if scalar == "\"" { quoted += "\"" }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted + "\""
  }
}
