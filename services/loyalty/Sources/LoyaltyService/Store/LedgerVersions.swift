/// What a change of the ledger was computed from; it takes effect only while these are still the versions.
struct LedgerVersions: Sendable, Hashable {
  /// The account's.
  var account: Int64
  /// The programme's; nil if the change does not depend on its rules.
  var programme: Int64?
}
