import Basics
import Foundation
import Messages
import PatronAPI
import RPC
import ServiceKit

extension LoyaltyAPI {
  /// How often a return looks for its sale again, when the sale arrives at the very moment.
  private static let attemptsMaximum = 5

  func postReturn(
    _ request: LoyaltyV1.PostReturnRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.PostReturnResponse {
    let command = try PostReturnCommand(request, times: requestTimes)
    var attempt = 1
    while true {
      let ledgerRequest = try await self.request(command)
      do {
        guard case .returned(let answer) = try await ledger.submit(ledgerRequest, for: ServerContext.current) else {
          throw BrokenInvariant("a return was answered otherwise")
        }
        return try LoyaltyV1.PostReturnResponse(serializedBytes: answer)
      } catch BooksRefusal.saleArrived where attempt < Self.attemptsMaximum {
        attempt += 1
      } catch {
        throw Self.said(error, of: ledgerRequest)
      }
    }
  }

  private func request(_ command: PostReturnCommand) async throws -> LedgerRequest {
    let row = try await orders.order(command.key)
    guard let member = command.memberID ?? row?.memberID else { throw LoyaltyReason.orderNotFound.error() }
    var sale = ReturnDraft.Sale.unknown
    var order = LoyaltyV1.Order()
    if let row {
      order = try LoyaltyV1.Order(serializedBytes: row.encodedOrder)
      if row.memberID == member {
        sale = .posted(row.orderID, order.soldLines)
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
      laterID: ids.next(),
      answer: { [order] row in
        try LoyaltyV1.PostReturnResponse(
          state: row == nil ? .waiting : .applied,
          orderReturn: row.map { LoyaltyV1.OrderReturn($0, of: order) }
        ).serializedBytes()
      },
      announce: { [ids] order, row in try Self.announce(order, row, id: ids.next()) }
    )
    return LedgerRequest(
      id: command.requestID,
      digest: command.digest.bytes,
      member: member,
      command: .takeBack(draft)
    )
  }

  /// Writes a return down as it is announced.
  static func announce(_ order: StoredOrder, _ row: ReturnRow, id: UUID) throws -> NewEvent {
    let order = try LoyaltyV1.Order(serializedBytes: order.row.encodedOrder)
    let event = LoyaltyV1.LoyaltyEvent(
      eventID: id.text,
      recordedAt: GoogleProtobuf.Timestamp(date: row.returnedAt),
      kind: .orderReturned(
        LoyaltyV1.OrderReturned(
          order: order,
          orderReturn: LoyaltyV1.OrderReturn(row, of: order)
        )
      )
    )
    return NewEvent(
      eventID: id,
      type: EventType.orderReturned,
      key: UUID(uuidString: order.memberID) ?? .zero,
      payload: try event.serializedBytes()
    )
  }
}

/// Goods that come back, checked as far as that is possible without the ledger.
struct PostReturnCommand: Sendable {
  let requestID: UUID
  /// Nil if the caller does not say.
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

extension LoyaltyV1.OrderReturn {
  /// A return of goods of an order as callers see it.
  init(_ row: ReturnRow, of order: LoyaltyV1.Order) {
    let gross = order.gross?.minorUnits ?? 0
    let share = RefundShare(gross: gross, payable: order.payable?.minorUnits ?? 0)
    self.init(
      returnID: row.returnID.text,
      orderID: row.orderID.text,
      storeID: row.storeID,
      reason: row.reason,
      lines: row.lines.map { line in
        LoyaltyV1.ReturnLine(
          line: line.line,
          amount: order.money(line.minorUnits ?? 0),
          quantityThousandths: line.quantityThousandths ?? 0
        )
      },
      returned: order.money(row.minorUnits),
      pointsTaken: row.pointsTaken,
      pointsReturned: row.pointsReturned,
      pointsShort: row.pointsShort,
      balancePoints: row.balancePoints,
      returnedAt: GoogleProtobuf.Timestamp(date: row.returnedAt),
      refunded: order.money(row.refundedMinorUnits),
      left: order.money(row.leftMinorUnits),
      leftPayable: order.money(share.left(after: gross - row.leftMinorUnits)),
      freedCouponIDs: row.leftMinorUnits == 0 ? order.couponDiscounts.map(\.couponID) : []
    )
  }
}

extension SoldLine {
  /// A line of a receipt as returns see it.
  init(_ line: CommonV1.OrderLine) {
    self.init(minorUnits: line.amount?.minorUnits ?? 0, quantityThousandths: line.quantityThousandths)
  }
}

extension LoyaltyV1.Order {
  /// The lines as returns see them.
  var soldLines: [SoldLine] {
    lines.map(SoldLine.init)
  }

  /// An amount in the order's currency.
  func money(_ minorUnits: Int64) -> CommonV1.Money {
    CommonV1.Money(currencyCode: gross?.currencyCode ?? "", minorUnits: minorUnits)
  }
}
