import Basics
import CommonProto
import Foundation
import LoyaltyProto
import PosProto
import RPC
import ServiceKit

/// Returns lines of a sale.
struct LineReturn {
  let upstreams: Upstreams
  let requestTimes: RequestTimes

  func post(_ request: PosV1.ReturnLinesRequest) async throws -> PosV1.ReturnLinesResponse {
    let (key, memberID) = try check(request)
    let answer = try await upstreams.postReturn(
      LoyaltyV1.PostReturnRequest(
        requestID: request.requestID,
        memberID: memberID?.text ?? "",
        key: key.returning,
        storeID: request.storeID,
        lines: request.lines.map { line in
          LoyaltyV1.ReturnLine(line: line.line, amount: line.amount, quantityThousandths: line.quantityThousandths)
        },
        reason: request.reason
      ),
      of: memberID,
      UpstreamCall.LineReturn.post,
      UpstreamCall.LineReturn.account
    )
    guard let back = answer.orderReturn else {
      return PosV1.ReturnLinesResponse(state: .waiting, returnID: request.requestID)
    }
    return PosV1.ReturnLinesResponse(back)
  }

  private func check(_ request: PosV1.ReturnLinesRequest) throws -> (SaleKey, memberID: UUID?) {
    var fields = FieldChecks(domain: GatewayReason.domain)
    _ = fields.requestID(request.requestID, requestTimes)
    let key = fields.saleKey(
      request.key.map {
        switch $0 {
        case .orderID(let orderID): .order(orderID)
        case .receipt(let receipt): .receipt(receipt)
        }
      }
    )
    let memberID = fields.optionalUUID("member_id", request.memberID)
    _ = fields.identifier("store_id", request.storeID, .store)
    fields.returnedLines(request.lines)
    _ = fields.words("reason", request.reason, ContractLimits.reason)
    try fields.throwIfAny()
    return (key, memberID)
  }
}

extension FieldChecks {
  fileprivate mutating func returnedLines(_ lines: [PosV1.ReturnedLine]) {
    count("lines", lines.count, ContractLimits.orderLines)
    var seen: Set<Int32> = []
    for (index, line) in lines.prefix(ContractLimits.orderLines.upperBound).enumerated() {
      _ = number("lines[\(index)].line", line.line, ContractLimits.orderLineNumbers)
      check(seen.insert(line.line).inserted, "lines[\(index)].line", reason: .repeated, "name each line once")
      let quantities = 0...ContractLimits.quantityThousandthsMaximum
      _ = number("lines[\(index)].quantity_thousandths", line.quantityThousandths, quantities)
      guard let amount = line.amount else { continue }
      _ = currency("lines[\(index)].amount.currency_code", amount.currencyCode)
      _ = minorUnits("lines[\(index)].amount.minor_units", amount.minorUnits, atLeast: 1)
    }
  }
}

extension Upstreams {
  /// Posts the return in loyalty, which stores it until its sale arrives if necessary. Opens an account first for a
  /// member whom the ledger does not know yet.
  func postReturn(
    _ request: LoyaltyV1.PostReturnRequest,
    of memberID: UUID?,
    _ call: UpstreamCall,
    _ account: AccountCalls
  ) async throws -> LoyaltyV1.PostReturnResponse {
    do {
      return try await call { try await loyalty.postReturn(request) }
    } catch let error as RPCError where error.isAccountNotFound {
      guard let memberID, let requestID = UUID(uuidString: request.requestID) else { throw error }
      try await openAccount(of: memberID, for: requestID, account)
      return try await call { try await loyalty.postReturn(request) }
    }
  }
}

extension PosV1.ReturnLinesResponse {
  /// Makes the till's view of a return.
  fileprivate init(_ back: LoyaltyV1.OrderReturn) {
    self.init(
      state: .applied,
      returnID: back.returnID,
      orderID: back.orderID,
      lines: back.lines.map { line in
        PosV1.ReturnedLine(line: line.line, quantityThousandths: line.quantityThousandths, amount: line.amount)
      },
      returned: back.returned,
      refunds: .of(points: back.pointsReturned, other: back.refunded),
      pointsTaken: back.pointsTaken,
      pointsReturned: back.pointsReturned,
      pointsShort: back.pointsShort,
      balancePoints: back.balancePoints,
      freedCouponIDs: back.freedCouponIDs,
      left: back.left,
      leftPayable: back.leftPayable
    )
  }
}

extension [PosV1.TenderRefund] {
  /// Returns the refunds by tender, without those of 0.
  static func of(points: Int64, other: CommonV1.Money?) -> Self {
    var refunds: Self = []
    if points > 0 { refunds.append(PosV1.TenderRefund(tender: .points, points: points)) }
    if let other, other.minorUnits > 0 { refunds.append(PosV1.TenderRefund(tender: .other, amount: other)) }
    return refunds
  }
}
