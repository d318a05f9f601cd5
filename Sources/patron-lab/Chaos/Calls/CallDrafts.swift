import Basics
import CommonProto
import Foundation
import LoyaltyProto
import Messages
import ServiceKit

/// Makes up calls for a few members: credits, debits, orders and their reversals, near the bottom of the balances, where
/// a point too many would show.
struct CallDrafts: Sendable {
  /// How far its clock is behind: a service whose clock was set back must not take its calls for ones of the future.
  static let clockBehind: Duration = .seconds(7_200)
  /// What a member begins with.
  static let openingPoints: Int64 = 500

  private static let currency = "CNY"
  private static let lastDays = ["", "2098-12-31", "2099-12-31"]

  private let members: [UUID]
  private let ids = UUIDv7Generator(clock: WallClock.system.setBack(by: clockBehind))
  private let clock = WallClock.system.setBack(by: clockBehind)

  init(members: [UUID]) {
    self.members = members
  }

  /// The calls that give a member an account and points.
  func opening(_ member: UUID) throws -> [LedgerCall] {
    let id = ids.next()
    let open = LoyaltyV1.OpenAccountRequest(requestID: id.text, memberID: member.text)
    return [
      LedgerCall(method: .openAccount, id: id, member: member, request: try open.serializedBytes()),
      try credit(member, Self.openingPoints, lastDay: ""),
    ]
  }

  /// Any call.
  ///
  /// - Parameter returnable: Orders that were posted; one of them may be taken back.
  func next(returnable: [LedgerCall], using random: inout some RandomNumberGenerator) throws -> LedgerCall {
    let member = members[Int.random(in: 0..<members.count, using: &random)]
    switch Int.random(in: 0..<100, using: &random) {
    case 0..<30:
      let lastDay = Self.lastDays[Int.random(in: 0..<Self.lastDays.count, using: &random)]
      return try credit(member, .random(in: 1...100, using: &random), lastDay: lastDay)
    case 30..<60:
      return try debit(member, .random(in: 1...150, using: &random))
    case 60..<75:
      guard let order = returnable.randomElement(using: &random) else { fallthrough }
      return try reversal(of: order)
    default:
      return try order(member, using: &random)
    }
  }

  private func credit(_ member: UUID, _ amount: Int64, lastDay: String) throws -> LedgerCall {
    let id = ids.next()
    let request = LoyaltyV1.CreditRequest(
      requestID: id.text,
      memberID: member.text,
      amount: amount,
      expiresOn: lastDay
    )
    return LedgerCall(method: .credit, id: id, member: member, request: try request.serializedBytes())
  }

  private func debit(_ member: UUID, _ amount: Int64) throws -> LedgerCall {
    let id = ids.next()
    let request = LoyaltyV1.DebitRequest(requestID: id.text, memberID: member.text, amount: amount)
    return LedgerCall(method: .debit, id: id, member: member, request: try request.serializedBytes())
  }

  private func order(_ member: UUID, using random: inout some RandomNumberGenerator) throws -> LedgerCall {
    let id = ids.next()
    let amount = CommonV1.Money(currencyCode: Self.currency, minorUnits: .random(in: 500...8_000, using: &random))
    let request = LoyaltyV1.PostOrderRequest(
      requestID: id.text,
      memberID: member.text,
      storeID: "store",
      receiptNumber: id.text,
      occurredAt: GoogleProtobuf.Timestamp(unixMicroseconds: clock.unixMicroseconds),
      lines: [CommonV1.OrderLine(productID: "product", quantityThousandths: 1_000, amount: amount)],
      pointsToRedeem: 100 * .random(in: 0...2, using: &random)
    )
    return LedgerCall(method: .postOrder, id: id, member: member, request: try request.serializedBytes())
  }

  private func reversal(of order: LedgerCall) throws -> LedgerCall {
    let id = ids.next()
    let request = LoyaltyV1.ReverseOrderRequest(requestID: id.text, key: .orderID(order.id.text), reason: "chaos")
    return LedgerCall(method: .reverseOrder, id: id, member: order.member, request: try request.serializedBytes())
  }
}
