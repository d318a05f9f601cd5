/// One broken rule and where.
struct Violation: Hashable, CustomStringConvertible {
  let file: String
  /// From 1; 0 when the rule is about the whole file.
  let line: Int
  let rule: Rule
  let sentence: String

  var description: String { "\(file):\(line): \(rule.rawValue): \(sentence)" }
}
