/// Why a value is refused: a stable reason for programs and a sentence that tells people what to change.
struct InvalidValue: Error, Sendable, Hashable {
  /// The raw values are told to callers and never change once published.
  enum Reason: String, Sendable, Hashable, CaseIterable {
    case phoneInvalid = "PHONE_INVALID"
    case identifierInvalid = "IDENTIFIER_INVALID"
    case identifierMissing = "IDENTIFIER_MISSING"
    case birthdayInvalid = "BIRTHDAY_INVALID"
  }

  let reason: Reason
  /// Says what to change. Never repeats the value: it may be personal.
  let sentence: String

  init(_ reason: Reason, _ sentence: String) {
    self.reason = reason
    self.sentence = sentence
  }
}
