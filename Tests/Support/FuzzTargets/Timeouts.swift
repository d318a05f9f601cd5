#if DEBUG || FUZZING
  @testable import RPC

  /// A time-out is read or refused; one that was read is written as one that is no shorter, by the spec's eight digits.
  func fuzzTimeouts(_ input: [UInt8]) {
    guard let nanoseconds = input.withUnsafeBytes({ Timeout.decode($0) }) else { return }
    precondition((0...Timeout.nanosecondsMaximum).contains(nanoseconds))
    let text = Timeout.encode(nanoseconds: nanoseconds)
    precondition(text.utf8.count <= 9, "more than eight digits and a unit")
    guard let again = Timeout.decode(text) else { preconditionFailure("a time-out that was written cannot be read") }
    precondition(again >= nanoseconds, "a time-out shrinks on its way")
  }
#endif
