/// What a period did to what a member can spend of an asset.
struct AccountStatement: Sendable, Hashable {
  /// What the entries of one type add up to.
  struct Line: Sendable, Hashable {
    var type: PostingType
    var entryCount: Int64
    /// What they added to what can be spent.
    var added: Int64
    /// What they took from what can be spent.
    var taken: Int64
  }

  /// What could be spent before it.
  var openingBalance: Int64 = 0
  /// By type, those that occurred.
  var lines: [Line] = []

  /// What could be spent after it.
  var closingBalance: Int64 { lines.reduce(openingBalance) { $0 + $1.added - $1.taken } }
}
