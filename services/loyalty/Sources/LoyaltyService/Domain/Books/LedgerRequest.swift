import Foundation

/// One request to the ledger, checked as far as that is possible without looking into it.
struct LedgerRequest: Sendable {
  /// Minted by the caller.
  var id: UUID
  /// SHA-256 of what is asked: tells requests apart that come under the same id.
  var digest: [UInt8]
  /// The member whose lane does it.
  var member: UUID
  /// What is asked.
  var command: LedgerCommand
}

/// What can be asked of the ledger.
enum LedgerCommand: Sendable {
  /// Opens the member's points account.
  case open
  /// Brings an asset in or takes it out.
  case move(Movement)
  /// Posts a receipt.
  case post(OrderDraft)
  /// Takes a receipt back.
  case reverse(ReversalDraft)
}

/// So much of an asset into or out of a member's account.
struct Movement: Sendable, Hashable {
  enum Direction: Sendable, Hashable {
    /// Into the account, to be spent to the end of a day.
    case credit(expiresOn: Day)
    /// Out of the account, soonest lots first.
    case debit
  }

  var asset: AssetID
  /// More than 0.
  var amount: Int64
  var direction: Direction
}
