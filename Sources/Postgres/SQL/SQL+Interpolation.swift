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
    fileprivate var text = ""
    fileprivate var parameters = Parameters()
    fileprivate var effect = Effect.automatic

    fileprivate var sql: SQL {
      var sql = SQL(text: text, parameters: parameters)
      sql.effect = effect
      return sql
    }

    public init(literalCapacity: Int, interpolationCount: Int) {
      text.reserveCapacity(literalCapacity + interpolationCount * 3)
      parameters.reserve(interpolationCount)
    }

    public mutating func appendLiteral(_ literal: String) {
      text += literal
    }

    /// A value, sent apart from the text as a binary parameter.
    public mutating func appendInterpolation(_ value: some PostgresEncodable) {
      parameters.append(value, placeholder: text.utf8.count)
      text += Parameters.placeholders(parameters.count)
    }

    /// A value that may be missing; nil is sent as NULL.
    public mutating func appendInterpolation<Value: PostgresEncodable>(_ value: Value?) {
      parameters.append(value, placeholder: text.utf8.count)
      text += Parameters.placeholders(parameters.count)
    }

    /// Another statement part with its own parameters.
    public mutating func appendInterpolation(_ fragment: SQL) {
      var joined = sql
      joined.append(fragment)
      text = joined.text
      parameters = joined.parameters
      effect = joined.effect
    }

    /// Trusted text, inserted as it is. Never pass a value from outside.
    public mutating func appendInterpolation(raw text: String) {
      self.text += text
    }

    /// The name of a table, column, schema or channel, quoted so that any name is safe.
    public mutating func appendInterpolation(identifier name: String) {
      text += SQL.quoted(identifier: name)
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
