import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// Collects violations, leaving out what a package is exempt from.
struct Report {
  private(set) var violations: [Violation] = []

  /// Notes a violation about a whole file.
  mutating func add(_ rule: Rule, _ file: FileDescriptor, line: Int = 0, _ sentence: String) {
    guard !Exemption.allows(rule, in: file.package) else { return }
    violations.append(Violation(file: file.name, line: line, rule: rule, sentence: sentence))
  }

  /// Notes a violation about a declaration.
  mutating func add(
    _ rule: Rule,
    _ file: FileDescriptor,
    _ declaration: any ProvidesSourceCodeLocation,
    _ sentence: String
  ) {
    let line = declaration.sourceCodeInfoLocation?.span.first.map { Int($0) + 1 } ?? 0
    add(rule, file, line: line, sentence)
  }

  /// Notes a declaration without a comment.
  mutating func requireComment(_ file: FileDescriptor, _ declaration: any ProvidesSourceCodeLocation, _ name: String) {
    let location = declaration.sourceCodeInfoLocation
    let comment = (location?.leadingComments ?? "") + (location?.trailingComments ?? "")
    if !comment.contains(where: { $0.isLetter }) {
      add(.comment, file, declaration, "\(name) has no comment")
    }
  }
}
