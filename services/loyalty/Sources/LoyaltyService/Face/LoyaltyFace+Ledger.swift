import Foundation
import RPC
import ServiceKit

extension LoyaltyFace {
  /// Has the ledger do a request, and says in the caller's words why it does not.
  func submit(_ request: LedgerRequest) async throws -> LedgerAnswer {
    do {
      return try await ledger.submit(request)
    } catch let refusal as BooksRefusal {
      throw refusal.error(request)
    } catch let refusal as PostingRefusal {
      throw refusal.error
    } catch let refusal as LedgerRefusal {
      throw refusal.error
    } catch let overload as LedgerOverload {
      throw overload.error
    }
  }
}

extension BooksRefusal {
  /// The refusal as the caller gets it.
  func error(_ request: LedgerRequest) -> RPCError {
    switch self {
    case .requestIdReused(let first):
      PayloadDigest.reused(requestID: request.id, stored: first, given: request.digest, domain: LoyaltyReason.domain)
    case .accountMissing: LoyaltyReason.accountNotFound.error(metadata: ["member_id": request.member.text])
    case .receiptTaken(let orderId): LoyaltyReason.receiptAlreadyPosted.error(metadata: ["order_id": orderId.text])
    case .reservationVoided: LoyaltyReason.reservationVoided.error()
    case .reservationPosted(let orderId):
      LoyaltyReason.reservationAlreadyPosted.error(metadata: ["order_id": orderId?.text ?? ""])
    case .orderMissing: LoyaltyReason.orderNotFound.error()
    case .orderReversed:
      if case .reverse(let draft) = request.command {
        LoyaltyReason.orderAlreadyReversed.error(metadata: ["order_id": draft.orderId.text])
      } else {
        LoyaltyReason.orderAlreadyReversed.error()
      }
    }
  }
}

extension LedgerRefusal {
  /// The refusal as the caller gets it, with how far off it was.
  var error: RPCError {
    switch self {
    case .insufficient(let available, let needed):
      LoyaltyReason.insufficientPoints.error(metadata: [
        "balance_points": "\(available)", "needed_points": "\(needed)", "missing_points": "\(needed - available)",
      ])
    case .tooLarge: PostingRefusal.tooLarge(.balance).error
    case .holdNotFound, .holdExists, .holdTooSmall, .tooManyHolds, .pendingNotFound, .pendingExists, .tooManyPending,
      .moreThanSpent:
      // No call asks for what these refuse.
      RPCError(code: .internalError, message: "The ledger could not do this.")
    }
  }
}

extension LedgerOverload {
  /// The refusal as the caller gets it: with when to come back.
  fileprivate var error: RPCError {
    let (limit, sentence) =
      switch cause {
      case .laneIsFull(let limit): ("\(limit)", "As many requests as are allowed wait for this part of the ledger.")
      case .waitedTooLong(let limit): ("\(limit)", "The request waited too long for its turn.")
      }
    return LoyaltyReason.ledgerOverloaded.error(
      sentence,
      metadata: ["limit": limit],
      details: [.retryInfo(RetryInfo(retryDelay: retryAfter))]
    )
  }
}
