import RPC
import ServiceKit

extension LedgerRefusal {
  /// The refusal as the caller gets it, with how far off it was.
  func error(_ request: LedgerRequest) -> RPCError {
    switch self {
    case .insufficient(let available, let needed):
      let unit = request.isMoney ? "minor_units" : "points"
      let reason = request.isMoney ? LoyaltyReason.insufficientStoredValue : .insufficientPoints
      return reason.error(
        metadata: [
          "balance_\(unit)": "\(available)", "needed_\(unit)": "\(needed)",
          // The difference of two numbers of 64 bits may need more.
          "missing_\(unit)": "\(Int128(needed) - Int128(available))",
        ]
      )
    case .bonusNotRefundable(let refundable, let needed):
      return LoyaltyReason.bonusNotRefundable.error(
        metadata: ["refundable_minor_units": "\(refundable)", "needed_minor_units": "\(needed)"]
      )
    case .tooLarge:
      guard let field = request.amountField else { return LoyaltyReason.balanceTooLarge.error() }
      return .refusing(field, CommonFieldReason.tooLarge, "the member's balance does not fit into 64 bits with it", [:])
    case .holdNotFound: return LoyaltyReason.holdNotFound.error()
    case .holdTooSmall(let held, let asked):
      return LoyaltyReason.holdTooSmall.error(metadata: ["held": "\(held)", "asked": "\(asked)"])
    case .tooManyHolds(let allowed): return LoyaltyReason.tooManyHolds.error(metadata: ["allowed": "\(allowed)"])
    case .pendingNotFound: return LoyaltyReason.pendingNotFound.error()
    case .tooManyPending(let allowed): return LoyaltyReason.tooManyPending.error(metadata: ["allowed": "\(allowed)"])
    case .holdExists, .pendingExists, .moreThanSpent:
      // Ids of holds and pending lots are request ids, and orders give back what they redeemed.
      return RPCError(code: .internalError, message: "The ledger could not do this.")
    }
  }
}

extension LedgerRequest {
  /// Whether it is about money.
  fileprivate var isMoney: Bool {
    switch command {
    case .move(let movement): movement.isMoney
    case .transfer(let transfer): transfer.isMoney
    case .open, .post, .reverse, .postReturn, .settle, .read: false
    }
  }

  /// The field by which the caller says how much is to come to a member; nil if none does.
  fileprivate var amountField: String? {
    switch command {
    case .move, .transfer: "amount"
    case .post: "lines"
    case .open, .reverse, .postReturn, .settle, .read: nil
    }
  }
}
