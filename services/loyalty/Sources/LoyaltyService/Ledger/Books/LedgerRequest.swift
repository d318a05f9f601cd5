import Foundation

/// One request to the ledger, checked as far as that is possible without looking into it. An object, because it goes through
/// many hands.
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
  /// Takes a receipt back.
  case reverse(ReversalDraft)
  /// Takes goods of a receipt back.
  case takeBack(ReturnDraft)
  /// Does what is due by time, and leaves no trace if nothing is.
  case settle(AssetID)
  /// Only looks, and leaves no trace: its id and digest are not looked at.
  case look(AssetID)
}

/// So much of an asset from one member to another.
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
  /// The account as it stood.
  indirect case account(AccountSummary)
  /// What moved.
  case moved(RecordedRequest)
  /// The order as it was posted.
  indirect case posted(PostedOrder)
  /// The order with its reversal.
  indirect case reversed(OrderRow)
  /// The encoded answer to a return.
  case returned([UInt8])
  /// What was due is done.
  case settled
  /// The account as it is after all that came before in its lane; nil if there is none.
  indirect case seen(AccountRecord?)

  /// The answer with what the sequences of its entries count from, if the batch that it is part of has just been written.
  func counted(from base: Int64) -> LedgerAnswer {
    guard case .moved(var recorded) = self, recorded.base == nil else { return self }
    recorded.base = base
    return .moved(recorded)
  }
}
