#if DEBUG || FUZZING
  @testable import RPC

  /// Checks that a time-out is parsed or refused, and that a parsed one is formatted as one that is no shorter.
  func fuzzTimeouts(_ input: [UInt8]) {
    guard let nanoseconds = input.withUnsafeBytes({ Timeout.decode($0) }) else { return }
    precondition((0...Timeout.nanosecondsMaximum).contains(nanoseconds))
    let text = Timeout.encode(nanoseconds: nanoseconds)
    precondition(text.utf8.count <= 9, "more than eight digits and a unit")
    guard let again = Timeout.decode(text) else { preconditionFailure("a time-out that was written cannot be read") }
    precondition(again >= nanoseconds, "a time-out shrinks on its way")
  }
#endif
