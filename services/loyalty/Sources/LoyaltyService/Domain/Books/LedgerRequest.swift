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
