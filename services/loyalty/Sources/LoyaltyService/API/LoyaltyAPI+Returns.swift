import Basics
import CommonProto
import Foundation
import LoyaltyProto
import Messages
import RPC
import ServiceKit

extension LoyaltyAPI {
  /// How often a return reads its sale again, when the sale arrives at the very moment.
  private static let attemptsMaximum = 5

  func postReturn(
    _ request: LoyaltyV1.PostReturnRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.PostReturnResponse {
    let command = try PostReturnCommand(request, times: requestTimes)
    var attempt = 1
    while true {
      let (ledgerRequest, order) = try await self.request(command)
      do {
        let answer = try await ledger.submit(ledgerRequest, for: ServerContext.current)
        return try LoyaltyV1.PostReturnResponse(answer, of: order)
      } catch BooksRefusal.saleArrived where attempt < Self.attemptsMaximum {
        attempt += 1
      } catch {
        throw Self.callerError(error, of: ledgerRequest)
      }
    }
  }

  /// What a return asks of the ledger, and its order if the sale has been posted.
  private func request(_ command: PostReturnCommand) async throws -> (LedgerRequest, LoyaltyV1.Order) {
    let row = try await orders.order(command.key)
    guard let member = command.memberID ?? row?.memberID else { throw LoyaltyReason.orderNotFound.error() }
    var sale = ReturnDraft.Sale.unknown
    var order = LoyaltyV1.Order()
    if let row {
      order = try LoyaltyV1.Order(row.document)
      if row.memberID == member {
        sale = .posted(row.orderID, order.lines.map(SoldLine.init))
        try command.check(currency: order.gross?.currencyCode ?? "")
      }
    } else if case .receipt(let storeID, let receiptNumber) = command.key {
      sale = .expected(Receipt(storeID: storeID, receiptNumber: receiptNumber))
    }
    let draft = ReturnDraft(
      sale: sale,
      lines: command.lines,
      storeID: command.storeID,
      reason: command.reason,
      laterID: ids.next()
    )
    let request = LedgerRequest(
      id: command.requestID,
      digest: command.digest.bytes,
      member: member,
      command: .postReturn(draft)
    )
    return (request, order)
  }
}

/// Goods that come back, validated as far as that is possible without the ledger.
struct PostReturnCommand: Sendable {
  let requestID: UUID
  /// Nil if the caller does not name one.
  let memberID: UUID?
  let key: OrderKey
  let storeID: String
  let lines: [ReturnedLine]
  let reason: String
  let digest: PayloadDigest
  private let currencies: [String?]

  init(_ request: LoyaltyV1.PostReturnRequest, times: RequestTimes) throws {
    var fields = FieldChecks(domain: LoyaltyReason.domain)
    requestID = fields.requestID(request.requestID, times)
    memberID = fields.optionalUUID("member_id", request.memberID)
    key = fields.orderKey(request.key)
    storeID = fields.identifier("store_id", request.storeID, .store)
    reason = fields.words("reason", request.reason, ContractLimits.reason)
    fields.count("lines", request.lines.count, 0...ContractLimits.orderLines.upperBound)
    var seen: Set<Int32> = []
    lines = request.lines.prefix(ContractLimits.orderLines.upperBound).enumerated().map { index, line in
      fields.element("lines", index) { fields in
        let number = fields.number("line", line.line, ContractLimits.orderLineNumbers)
        fields.check(seen.insert(number).inserted, "line", reason: .repeated, "name each line once")
        let minorUnits = line.amount.map { amount in
          _ = fields.currency("amount.currency_code", amount.currencyCode)
          return fields.minorUnits("amount.minor_units", amount.minorUnits, atLeast: 1)
        }
        let quantity = fields.number(
          "quantity_thousandths",
          line.quantityThousandths,
          0...ContractLimits.quantityThousandthsMaximum
        )
        return ReturnedLine(
          line: number,
          minorUnits: minorUnits,
          quantityThousandths: quantity == 0 ? nil : quantity
        )
      }
    }
    currencies = request.lines.map { $0.amount?.currencyCode }
    try fields.throwIfAny()
    digest = try PayloadDigest(of: request)
  }

  /// Refuses amounts in another currency than the order's.
  func check(currency: String) throws {
    for (index, given) in currencies.enumerated() {
      guard let given, given != currency else { continue }
      throw PostingRefusal.currencyMismatch(
        field: "lines[\(index)].amount.currency_code",
        programme: currency,
        given: given
      ).error
    }
  }
}

extension SoldLine {
  /// A line of a receipt as returns see it.
  init(_ line: CommonV1.OrderLine) {
    self.init(minorUnits: line.amount?.minorUnits ?? 0, quantityThousandths: line.quantityThousandths)
  }
}
