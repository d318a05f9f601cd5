import Basics
import Foundation

/// One request to the ledger, validated as far as that is possible without the books. An object, because it is passed on
/// many times.
final class LedgerRequest: Sendable {
  /// Minted by the caller.
  let id: UUID
  /// SHA-256 of what is asked: tells requests apart that come under the same id.
  let digest: [UInt8]
  /// The member whose lane does it.
  let member: UUID
  /// What is asked.
  let command: LedgerCommand

  init(id: UUID, digest: [UInt8], member: UUID, command: LedgerCommand) {
    self.id = id
    self.digest = digest
    self.member = member
    self.command = command
  }
}

/// What can be asked of the ledger.
enum LedgerCommand: Sendable {
  /// Opens the member's points account.
  case open
  /// Moves an asset into, out of, or between the member's own accounts.
  case move(Movement)
  /// Moves an asset to another member.
  case transfer(Transfer)
  /// Posts a receipt.
  case post(OrderDraft)
  /// Reverses an order.
  case reverse(ReversalDraft)
  /// Takes goods of an order back.
  case postReturn(ReturnDraft)
  /// Does what is due by time, and leaves no trace if nothing is.
  case settle(AssetID)
  /// Reads an account, and leaves no trace: the request's id and digest do not count.
  case read(AssetID)
}

/// Moves an amount of an asset from one member to another.
struct Transfer: Sendable, Hashable {
  var asset: AssetID
  /// Whether the asset is money. Bonus stays bonus.
  var isMoney = false
  /// Who receives it.
  var to: UUID
  /// More than 0; nil means all that can be spent.
  var amount: Int64?
}

/// What a request has brought about, now or when it came first.
enum LedgerAnswer: Sendable, Hashable {
  /// What was answered to an opening or a return.
  case recorded(RecordedAnswer)
  /// What moved.
  case moved(RecordedRequest)
  /// The order as it was posted, and the member's balance after it.
  case posted(OrderDocument, balancePoints: Int64)
  /// The order with its reversal.
  indirect case reversed(OrderRow)
  /// What was due is done.
  case settled
  /// The account as it is after all that came before in its lane; nil if there is none.
  indirect case read(AccountRecord?)

  /// The answer with what the sequences of its entries count from, if the batch that it is part of has just been written.
  func counted(from base: Int64) -> LedgerAnswer {
    guard case .moved(var recorded) = self, recorded.base == nil else { return self }
    recorded.base = base
    return .moved(recorded)
  }
}

/// What was answered to a request, where neither its entries nor an order say it.
enum RecordedAnswer: Sendable, Hashable {
  /// The account as it was when it was opened, or as it was found open.
  indirect case opened(AccountSummary)
  /// Goods of an order came back.
  indirect case returned(OrderRow, ReturnRow)
  /// The return waits for its sale.
  case waits
  /// The answer was read. How it is encoded is known to who encoded it (`ledger_entry.answer`).
  case stored([UInt8])
}

/// What the answer to an opening says of an account.
struct AccountSummary: Sendable, Hashable {
  /// What the member can spend now.
  var available: Int64
  var lifetimeEarned: Int64
  var lifetimeSpent: Int64
  var openedAt: Instant
  var updatedAt: Instant
}

extension AccountSummary {
  /// The summary of an account.
  init(_ record: AccountRecord) {
    self.init(
      available: record.holding.available,
      lifetimeEarned: record.holding.lifetimeEarned,
      lifetimeSpent: record.holding.lifetimeSpent,
      openedAt: record.openedAt,
      updatedAt: record.updatedAt
    )
  }
}
