import Basics

/// What a period did to what a member can spend of an asset.
///
/// What is due by time counts from when it is due, whether or not it was entered by then: a statement begins and ends with
/// what a read at those instants shows. Sums are taken in 128 bits: entries may add up to more than a balance can be.
struct AccountStatement: Sendable, Hashable {
  /// What the entries of one type add up to.
  struct Line: Sendable, Hashable {
    var type: PostingType
    var entryCount: Int64
    /// What they added to what can be spent.
    var added: Int128 = 0
    /// What they took from what can be spent.
    var taken: Int128 = 0
  }

  /// What could be spent before it.
  var openingBalance: Int128 = 0
  /// By type, those that occurred.
  var lines: [Line] = []

  /// What could be spent after it.
  var closingBalance: Int128 { lines.reduce(openingBalance) { $0 + $1.added - $1.taken } }
}

/// The period of a statement.
struct StatementPeriod: Sendable, Hashable {
  /// When its entries were recorded.
  var instants: Range<Instant>
  /// When it is decided what was due before it: its first instant, or now if that is still to come.
  var begin: LedgerTime
  /// When it is decided what is due by its end: its last instant, or now if that is still to come.
  var end: LedgerTime
}

extension AccountStatement {
  /// Counts what was due at the period's two ends and had not been entered.
  ///
  /// Where the account has not been written to since, that is what ``Holding/settle(at:)`` does. Where it has, the time of
  /// its holds and pending lots is not known any more, and they count from when they were entered; lots do not.
  ///
  /// - Parameters:
  ///   - account: The account as it is stored, read together with the entries.
  ///   - overdueBefore: What lots had that were over when the period began and had not expired by an entry.
  ///   - overdueAfter: The same when it ended.
  mutating func countDue(
    of account: AccountRecord,
    in period: StatementPeriod,
    overdueBefore: Int128,
    overdueAfter: Int128
  ) {
    var (before, after) = (overdueBefore, overdueAfter)
    var holding = account.holding
    if account.updatedAt < period.instants.lowerBound {
      before = 0
      for posting in holding.settle(at: period.begin) { openingBalance += Int128(posting.availableChange) }
    }
    if account.updatedAt < period.instants.upperBound {
      after = 0
      for posting in holding.settle(at: period.end) {
        add(posting.type, Int128(posting.availableChange), entryCount: 1)
      }
    }
    openingBalance -= before
    add(.expire, before - after, entryCount: (after > 0 ? 1 : 0) - (before > 0 ? 1 : 0))
    lines.removeAll { $0.type == .expire && $0.taken == 0 }
  }

  /// Adds to the line of a type, or takes from it.
  private mutating func add(_ type: PostingType, _ change: Int128, entryCount: Int64) {
    guard change != 0 else { return }
    let index = lines.firstIndex { $0.type.rawValue >= type.rawValue } ?? lines.endIndex
    if index == lines.endIndex || lines[index].type != type {
      lines.insert(Line(type: type, entryCount: 0), at: index)
    }
    lines[index].entryCount = max(1, lines[index].entryCount + entryCount)
    // What has expired is only ever taken: what counted before the period is taken off it.
    if type == .expire || change < 0 { lines[index].taken -= change } else { lines[index].added += change }
  }
}
