extension SQL {
  /// Whether the statement may change something. Computed only when the outcome is in doubt, never for a statement that
  /// succeeds.
  var mayWrite: Bool {
    switch effect {
    case .reads: return false
    case .writes: return true
    case .automatic: break
    }
    var words = Words(text)
    switch words.next() {
    case "select", "values", "table", "show":
      return false
    case "with":
      while let word = words.next() {
        if Self.writingWords.contains(word) { return true }
      }
      return false
    default:
      return true
    }
  }

  /// Whether PostgreSQL plans the statement, so that preparing it pays.
  var isWorthPreparing: Bool {
    var words = Words(text)
    guard let first = words.next() else { return false }
    return Self.plannedWords.contains(first)
  }

  private static let writingWords: Set<String> = ["insert", "update", "delete", "merge"]
  private static let plannedWords: Set<String> = [
    "select", "insert", "update", "delete", "merge", "with", "values", "table",
  ]

  /// The lower-case words of a statement, without comments, quoted names and string constants.
  private struct Words {
    private var rest: Substring.UTF8View

    init(_ text: String) {
      rest = Substring(text).utf8
    }

    mutating func next() -> String? {
      while let byte = rest.first {
        if Self.isLetter(byte) { return takeWord() }
        if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
          skip(quotedBy: byte)
        } else if rest.starts(with: "--".utf8) {
          rest = rest.drop { $0 != UInt8(ascii: "\n") }
        } else if rest.starts(with: "/*".utf8) {
          skipComment()
        } else {
          rest = rest.dropFirst()
        }
      }
      return nil
    }

    private mutating func takeWord() -> String {
      let word = rest.prefix { Self.isLetter($0) || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
      rest = rest[word.endIndex...]
      return Substring(word).lowercased()
    }

    private mutating func skip(quotedBy quote: UInt8) {
      rest = rest.dropFirst().drop { $0 != quote }.dropFirst()
    }

    private mutating func skipComment() {
      rest = rest.dropFirst(2)
      while !rest.isEmpty, !rest.starts(with: "*/".utf8) { rest = rest.dropFirst() }
      rest = rest.dropFirst(2)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
      UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || byte == UInt8(ascii: "_")
    }
  }
}
