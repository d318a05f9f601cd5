/// Leaves the ledger unchecked, because the operator wants it so.
struct NobodyAsked: LedgerVerdict {
  let reason: String

  var description: String { "nobody" }

  func verdict() async throws -> Verdict { .notAsked(reason: reason) }
}
