import AppProto
import Basics
import CommonProto
import LocalSuite
import PosProto
import RPC

/// One member at the till: registers, buys, pays with points, and takes that back. Told the same way every time: all its
/// requests have ids of their own.
struct TillStory: Sendable {
  /// What happened.
  struct Account: Sendable {
    /// The story, line by line.
    var lines: [String]
    /// The points that the member paid with, before taking it back.
    var pointsRedeemed: Int64
  }

  let clients: SuiteClients
  let patience: Patience

  /// When it happens: after the last recorded receipt.
  private static let day = Instant(
    startOf: Day(CivilDate(year: 2018, month: 1, day: 2)),
    offsetHours: ReplayPlan.utcOffsetHours
  )
  private static let store = "demo"

  func tell() async throws -> Account {
    let member = try await register()
    let first = try await sell("first", [("Coffee machine", 11_900), ("Coffee beans 1 kg", 950)], to: member)
    let second = try await sell("second", [("Olive oil 1 l", 1_250), ("Tomatoes", 750)], to: member, redeeming: 100)
    let refund = try await takeBack("second")
    let balance = try await patience.call { options in
      try await clients.app.getBalance(AppV1.GetBalanceRequest(memberID: member.memberID), options: options)
    }
    let lines = [
      "\(member.name), \(member.maskedPhone), is a member now.",
      "Buys for \(amount(first.gross)): \(Text.count(first.pointsEarned)) points earned.",
      "Buys for \(amount(second.gross)), pays \(amount(second.pointsDiscount)) of it with "
        + "\(Text.count(second.pointsRedeemed)) points and \(amount(second.payable)) in cash: "
        + "\(Text.count(second.pointsEarned)) points earned.",
      "Brings that back: \(amount(refund.refunded)) refunded, \(Text.count(refund.pointsReturned)) points returned, "
        + "\(Text.count(refund.pointsTaken)) taken back.",
      "Has \(Text.count(balance.points)) points, worth \(amount(balance.worth)).",
    ]
    return Account(lines: lines, pointsRedeemed: second.pointsRedeemed)
  }

  private func register() async throws -> PosV1.PosMember {
    let request = PosV1.RegisterMemberRequest(
      requestID: identifier("register"),
      name: "Ada Example",
      phone: "+12025550143",
      cardNumber: "DEMO0001",
      storeID: Self.store
    )
    return try await patience.call { options in
      try await clients.pos.registerMember(request, options: options)
    }.member ?? PosV1.PosMember()
  }

  private func sell(
    _ name: String,
    _ goods: [(description: String, cents: Int64)],
    to member: PosV1.PosMember,
    redeeming points: Int64 = 0
  ) async throws -> PosV1.CheckoutResponse {
    let request = PosV1.CheckoutRequest(
      requestID: identifier(name),
      memberID: member.memberID,
      storeID: Self.store,
      receiptNumber: name,
      occurredAt: GoogleProtobuf.Timestamp(Self.day),
      lines: goods.map { good in
        CommonV1.OrderLine(
          productID: good.description,
          description: good.description,
          quantityThousandths: 1_000,
          amount: CommonV1.Money(cents: good.cents)
        )
      },
      pointsToRedeem: points
    )
    return try await patience.call { options in try await clients.pos.checkout(request, options: options) }
  }

  private func takeBack(_ name: String) async throws -> PosV1.RefundOrderResponse {
    let request = PosV1.RefundOrderRequest(
      requestID: identifier("refund"),
      key: .orderID(identifier(name)),
      reason: "The oil was bitter."
    )
    return try await patience.call { options in try await clients.pos.refundOrder(request, options: options) }
  }

  private func identifier(_ name: String) -> String {
    DerivedIdentifier.text(at: Self.day, name: "story/\(name)")
  }

  private func amount(_ money: CommonV1.Money?) -> String {
    Text.amount(money?.minorUnits ?? 0, money?.currencyCode ?? ReplayPlan.currencyCode)
  }
}
