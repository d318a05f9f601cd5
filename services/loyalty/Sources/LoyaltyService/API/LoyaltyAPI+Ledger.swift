import Basics
import Foundation
import RPC
import ServiceKit

extension LoyaltyAPI {
  /// Submits a request to the ledger, and returns once its answer is durable.
  ///
  /// - Throws: The refusal as the caller gets it.
  func submit(_ request: LedgerRequest) async throws -> LedgerAnswer {
    do {
      return try await ledger.submit(request, for: ServerContext.current)
    } catch {
      throw Self.callerError(error, of: request)
    }
  }

  /// An error of the ledger as the caller gets it.
  static func callerError(_ error: any Error, of request: LedgerRequest) -> any Error {
    switch error {
    case let refusal as BooksRefusal: refusal.error(request)
    case let refusal as LedgerRefusal: refusal.error(request)
    default: callerError(error)
    }
  }

  /// An error of the ledger that does not depend on what was asked, as the caller gets it.
  static func callerError(_ error: any Error) -> any Error {
    switch error {
    case let refusal as PostingRefusal: refusal.error
    case let overload as LedgerOverload: overload.error
    case let failure as LedgerFailure: failure.error
    case is TornSnapshot: CommonReason.conflict.error(domain: LoyaltyReason.domain)
    default: error
    }
  }
}

extension BooksRefusal {
  /// The refusal as the caller gets it.
  func error(_ request: LedgerRequest) -> RPCError {
    switch self {
    case .requestIDReused(let first):
      PayloadDigest.reused(requestID: request.id, stored: first, given: request.digest, domain: LoyaltyReason.domain)
    case .accountMissing(let member): LoyaltyReason.accountNotFound.error(metadata: ["member_id": member.text])
    case .memberSuspended(let member, let trade): trade.refusal(of: member)
    case .receiptTaken(let orderID): LoyaltyReason.receiptAlreadyPosted.error(metadata: ["order_id": orderID.text])
    case .reservationVoided: LoyaltyReason.reservationVoided.error()
    case .reservationPosted(let orderID):
      LoyaltyReason.reservationAlreadyPosted.error(metadata: ["order_id": orderID?.text ?? ""])
    case .orderMissing: LoyaltyReason.orderNotFound.error()
    case .requestTooOld: LoyaltyReason.requestTooOld.error()
    case .orderTooOld: LoyaltyReason.orderTooOld.error()
    case .orderReversed:
      LoyaltyReason.orderAlreadyReversed.error(metadata: request.orderID.map { ["order_id": $0.text] } ?? [:])
    // PostReturn reads the sale again; this is the answer when that was done often enough.
    case .saleArrived: CommonReason.conflict.error(domain: LoyaltyReason.domain)
    case .misfit(.nothingLeft):
      LoyaltyReason.nothingLeftToReturn.error(metadata: request.orderID.map { ["order_id": $0.text] } ?? [:])
    case .misfit(.noSuchLine(let line, let count)):
      RPCError.refusing(
        "lines",
        FieldReason.noSuchLine,
        "the receipt has \(count) lines; there is no line \(Int(line) + 1)",
        ["line": "\(line)", "line_count": "\(count)"]
      )
    case .misfit(.moreThanLeft(let line, let left)):
      RPCError.refusing(
        "lines",
        FieldReason.moreThanLeft,
        "of line \(Int(line) + 1), \(left) is left to return",
        ["line": "\(line)", "left_minor_units": "\(left)"]
      )
    case .misfit(.moreThanLeftOfQuantity(let line, let left)):
      RPCError.refusing(
        "lines",
        FieldReason.moreThanLeft,
        "of line \(line), \(left) thousandths are left to return",
        ["line": "\(line)", "left_thousandths": "\(left)"]
      )
    case .misfit(.soldWithoutQuantity(let line)):
      RPCError.refusing(
        "lines",
        FieldReason.soldWithoutQuantity,
        "line \(line) was sold without a quantity: give an amount",
        ["line": "\(line)"]
      )
    }
  }
}

extension SuspensionRule.Trade {
  /// The refusal of a suspended member as the caller gets it.
  fileprivate func refusal(of member: UUID) -> RPCError {
    let (refused, sentence) =
      switch self {
      case .spending:
        ("SPENDING", "The member is suspended and spends nothing: sell without points, or have the member reinstated.")
      case .earning:
        (
          "EARNING",
          "The member is suspended and is given nothing: sell without the member, or have the member reinstated."
        )
      }
    return LoyaltyReason.memberSuspended.error(sentence, metadata: ["member_id": member.text, "refused": refused])
  }
}

extension LedgerRequest {
  /// The order of which something is to be taken back, if it is one.
  fileprivate var orderID: UUID? {
    switch command {
    case .reverse(let draft): return draft.orderID
    case .postReturn(let draft):
      guard case .posted(let orderID, _) = draft.sale else { return nil }
      return orderID
    default: return nil
    }
  }
}

extension LedgerFailure {
  /// The failure as the caller gets it: whether the same request may be sent again.
  fileprivate var error: RPCError {
    switch self {
    case .closed: return Drain.ended
    case .abandoned: return CommonReason.cancelled.error(domain: LoyaltyReason.domain)
    case .conflict: return CommonReason.conflict.error(domain: LoyaltyReason.domain)
    case .broken: return CommonReason.databaseRefused.error(domain: LoyaltyReason.domain)
    case .unavailable:
      return Self.retry(
        CommonReason.databaseUnavailable.error(
          domain: LoyaltyReason.domain,
          "The ledger's database failed, and nothing was done: send the same request again."
        )
      )
    case .outcomeUnknown: return Self.retry(CommonReason.outcomeUnknown.error(domain: LoyaltyReason.domain))
    }
  }

  private static func retry(_ error: RPCError) -> RPCError {
    var error = error
    error.details.append(.retryInfo(RetryInfo(retryDelay: .milliseconds(250))))
    return error
  }
}

/// A call waits for the ledger until it is cancelled or its deadline passes.
extension ServerContext: LedgerCaller {}

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
