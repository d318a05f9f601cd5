/// A statement with its parameters.
///
/// In a string literal, every interpolated value becomes a binary parameter (`$1`, `$2`, …) and never part of the text,
/// so no value can change the meaning of the statement:
///
/// ```swift
/// try await database.query("SELECT name FROM member WHERE member_id = \(memberID) AND phone = \(phone)")
/// ```
///
/// `\(raw: text)` inserts trusted text, `\(identifier: name)` a quoted name, `\(fragment)` another ``SQL`` with its own
/// parameters. Statements join with `+`.
public struct SQL: Sendable, Hashable {
  /// What a statement may change, which decides whether a lost connection leaves its outcome unknown.
  public enum Effect: Sendable, Hashable {
    /// Inferred from the text: `SELECT`, `VALUES`, `TABLE` and `SHOW` read, and so does a `WITH` without `INSERT`,
    /// `UPDATE`, `DELETE` or `MERGE`. Everything else writes.
    case automatic
    /// Changes nothing, whatever the text is.
    case reads
    /// Changes something, such as a `SELECT` of a function that writes.
    case writes
  }

  /// The text with `$n` in place of the parameters.
  public private(set) var text: String

  /// What the statement may change.
  public var effect: Effect = .automatic

  package private(set) var parameters: Parameters

  /// Makes a statement from trusted text without parameters.
  public init(raw text: String) {
    self.text = text
    self.parameters = Parameters()
  }

  init(text: String, parameters: Parameters) {
    self.text = text
    self.parameters = parameters
  }

  /// Makes an empty statement to append to.
  public init() {
    self.init(raw: "")
  }

  /// The number of parameters.
  public var parameterCount: Int { parameters.count }

  /// Appends a statement part and renumbers its parameters.
  public mutating func append(_ other: SQL) {
    if other.effect == .writes { effect = .writes }
    guard !other.parameters.isEmpty else {
      text += other.text
      return
    }
    let utf8 = other.text.utf8
    var position = utf8.startIndex
    for entry in other.parameters.entries {
      let placeholder = utf8.index(utf8.startIndex, offsetBy: Int(entry.placeholder))
      text += other.text[position..<placeholder]
      let place = text.utf8.count
      parameters.append(entry, of: other.parameters, placeholder: place)
      text += "$\(parameters.count)"
      position = utf8.index(after: placeholder)
      while position < utf8.endIndex, UInt8(ascii: "0")...UInt8(ascii: "9") ~= utf8[position] {
        position = utf8.index(after: position)
      }
    }
    text += other.text[position...]
  }

  /// Appends trusted text verbatim.
  mutating func append(raw text: String) {
    self.text += text
  }

  /// Appends a value as a parameter.
  mutating func append(value: some PostgresEncodable) {
    parameters.append(value, placeholder: text.utf8.count)
    text += Parameters.placeholders(parameters.count)
  }

  /// Reserves memory for what will be appended.
  mutating func reserve(textBytes: Int, parameters count: Int) {
    text.reserveCapacity(textBytes)
    parameters.reserve(count)
  }

  /// Joins two statement parts.
  public static func + (left: consuming SQL, right: SQL) -> SQL {
    var joined = left
    joined.append(right)
    return joined
  }

  /// Appends a statement part.
  public static func += (left: inout SQL, right: SQL) {
    left.append(right)
  }

  /// Marks the statement as writing, for a `SELECT` that calls a function with effects.
  public func writing() -> SQL {
    var copy = self
    copy.effect = .writes
    return copy
  }

  /// Marks the statement as reading.
  public func reading() -> SQL {
    var copy = self
    copy.effect = .reads
    return copy
  }
}

extension SQL: CustomStringConvertible {
  /// The text without parameter values, which never appear in logs.
  public var description: String { text }
}

extension Sequence where Element == SQL {
  /// Joins statement parts with a separator, such as conditions with `" AND "`.
  public func joined(separator: SQL) -> SQL {
    var result = SQL()
    var isFirst = true
    for part in self {
      if !isFirst { result.append(separator) }
      result.append(part)
      isFirst = false
    }
    return result
  }
}
