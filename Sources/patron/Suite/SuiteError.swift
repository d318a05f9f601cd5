internal import Foundation

/// Why the suite can't be started or went down, in words for the operator.
struct SuiteError: Error, Hashable, CustomStringConvertible {
  /// What is wrong, and what to do about it.
  var description: String

  init(_ description: String) {
    self.description = description
  }

  /// A call of the operating system that failed.
  static func system(_ action: String, _ number: Int32) -> SuiteError {
    SuiteError("\(action) failed: \(String(cString: strerror(number)))")
  }
}
