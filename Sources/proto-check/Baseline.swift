import SwiftProtobuf

/// What clients may rely on: the descriptors of the contract as they were accepted last.
enum Baseline {
  /// Takes what must not change out of a descriptor set: no comments, no tests, nothing foreign.
  static func of(_ set: Google_Protobuf_FileDescriptorSet) -> Google_Protobuf_FileDescriptorSet {
    var baseline = set
    for index in baseline.file.indices { baseline.file[index].clearSourceCodeInfo() }
    baseline.file.removeAll { Exemption.mayChange($0.package) }
    return baseline
  }
}

/// One broken rule and where.
struct Violation: Hashable, CustomStringConvertible {
  let file: String
  /// From 1; 0 when the rule is about the whole file.
  let line: Int
  let rule: Rule
  let sentence: String

  var description: String { "\(file):\(line): \(rule.rawValue): \(sentence)" }
}
