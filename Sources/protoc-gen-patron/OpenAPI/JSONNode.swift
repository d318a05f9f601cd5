/// A JSON value whose members keep their order, so that what is written is the same each time.
indirect enum JSONNode {
  case object([(String, JSONNode)])
  case list([JSONNode])
  case text(String)
  case number(Int)
  case bool(Bool)

  /// Makes an object without the members that are nil.
  static func members(_ members: [(String, JSONNode?)]) -> JSONNode {
    .object(members.compactMap { name, value in value.map { (name, $0) } })
  }

  /// Makes a reference to a component.
  static func reference(_ kind: String, _ name: String) -> JSONNode {
    .object([("$ref", .text("#/components/\(kind)/\(name)"))])
  }

  /// Makes a list of texts.
  static func texts(_ texts: [String]) -> JSONNode { .list(texts.map { .text($0) }) }

  /// Returns the object with a member added, or the value itself if it is no object.
  func adding(_ name: String, _ value: JSONNode) -> JSONNode {
    if case .object(let members) = self { .object(members + [(name, value)]) } else { self }
  }

  /// The text, two blanks a level, one member a line.
  var document: String { written(at: 0) + "\n" }

  private func written(at level: Int) -> String {
    switch self {
    case .text(let text): return Self.quoted(text)
    case .number(let number): return "\(number)"
    case .bool(let bool): return bool ? "true" : "false"
    case .object(let members):
      let lines = members.map { name, value in "\(Self.quoted(name)): \(value.written(at: level + 1))" }
      return Self.block("{", lines, "}", level)
    case .list(let values):
      return Self.block("[", values.map { $0.written(at: level + 1) }, "]", level)
    }
  }

  private static func block(_ open: String, _ lines: [String], _ close: String, _ level: Int) -> String {
    guard !lines.isEmpty else { return open + close }
    let indent = String(repeating: "  ", count: level)
    return "\(open)\n" + lines.map { "\(indent)  \($0)" }.joined(separator: ",\n") + "\n\(indent)\(close)"
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      case "\u{0}"..<" ":
        let hex = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
