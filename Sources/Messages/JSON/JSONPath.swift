/// The path from the outermost JSON value to the current one, for errors.
struct JSONPath {
  private enum Step {
    case field(String)
    case index(Int)
  }

  /// A longer name is cut off at this many bytes, since an unknown name comes from the sender.
  private static let nameBytesMaximum = 64

  private var steps: [Step] = []

  mutating func enter(field name: String) {
    steps.append(.field(name))
  }

  mutating func enter(index: Int) {
    steps.append(.index(index))
  }

  mutating func leave() {
    steps.removeLast()
  }

  /// The path as text, such as `$.lines[2].quantity`. Names that are not identifiers are hidden.
  var text: String {
    steps.reduce(into: "$") { text, step in
      switch step {
      case .field(let name): text += Self.isIdentifier(name) ? ".\(name)" : ".?"
      case .index(let index): text += "[\(index)]"
      }
    }
  }

  /// Makes an error at this path.
  func error(_ kind: MessageError.Kind) -> MessageError {
    MessageError(kind, text)
  }

  private static func isIdentifier(_ name: String) -> Bool {
    (1...nameBytesMaximum).contains(name.utf8.count)
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "@"):
          true
        default: false
        }
      }
  }
}
