/// Something that is always true of the ledger.
struct AuditRule: Hashable, Sendable {
  /// What it is called, such as `account.available`.
  var name: String
  /// What it says, in words.
  var sentence: String

  init(_ name: String, _ sentence: String) {
    self.name = name
    self.sentence = sentence
  }
}
