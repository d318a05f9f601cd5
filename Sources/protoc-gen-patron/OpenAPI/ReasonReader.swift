/// Reads the enums of reasons from Swift sources: their cases are what protos may name as errors, their comments and
/// statuses what the documentation says of them.
struct ReasonReader {
  private(set) var reasons: [DeclaredReason] = []

  private var enumeration = ""
  private var isReading = false
  private var ofFields = false
  private var domain: String?
  private var comment = ""
  /// The text of the switch over the codes, nil outside of it.
  private var switching: String?
  private var names: [String: String] = [:]
  private var first = 0

  init(source: String) {
    for line in source.split(separator: "\n", omittingEmptySubsequences: false) { read(line) }
  }

  private mutating func read(_ line: Substring) {
    if let text = switching {
      switching = text + line
      if line == "  }" { endSwitch() }
    } else if let declaration = line.firstMatch(of: /enum (\w+): String, ([^{]*)\{/) {
      begin(String(declaration.1), String(declaration.2))
    } else if let found = line.firstMatch(of: /static let domain = "([\w.]+)"/) {
      domain = String(found.1)
    } else if let found = line.firstMatch(of: /^ *\/\/\/ (.*)$/) {
      comment += (comment.isEmpty ? "" : " ") + found.1
      return
    } else if isReading, let found = line.firstMatch(of: /^ *case (\w+) = "([A-Z0-9_]+)"/) {
      names[String(found.1)] = String(found.2)
      let meaning = comment.replacing(/``(\w+)``/) { "`\($0.1)`" }
      reasons.append(
        DeclaredReason(
          enumeration: enumeration,
          name: String(found.2),
          domain: domain,
          code: ofFields ? "invalidArgument" : nil,
          meaning: meaning
        )
      )
    } else if isReading, line.contains("var code: StatusCode {") {
      switching = ""
    }
    comment = ""
  }

  private mutating func begin(_ name: String, _ conformances: String) {
    ofFields = conformances.contains("FieldRefusalReason")
    isReading = ofFields || conformances.contains("ErrorReason") || name == "RuntimeReason"
    enumeration = name
    domain = nil
    names = [:]
    first = reasons.count
  }

  /// `case .a, .b: .notFound`, on as many lines as it takes.
  private mutating func endSwitch() {
    for branch in (switching ?? "").matches(of: /case ((?:\s*\.\w+,?)+):\s*\.(\w+)/) {
      for name in branch.1.matches(of: /\.(\w+)/) {
        guard let reason = names[String(name.1)] else { continue }
        for index in reasons.indices.dropFirst(first) where reasons[index].name == reason {
          reasons[index].code = String(branch.2)
        }
      }
    }
    switching = nil
  }
}
