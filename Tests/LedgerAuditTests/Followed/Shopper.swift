import Basics
import CampaignsProto
import CommonProto
import Foundation
import LoyaltyProto
import LoyaltyTestSupport
import MembersProto
import Messages
import RPC
import ServiceKit
import Testing

/// A member who buys and returns at random, one action after another, and keeps books.
struct Shopper {
  let suite: FollowedSuite
  let seed: PropertySeed
  private(set) var memberID = ""
  private(set) var books = SlowBooks()
  private var random: RandomSource
  /// Requests to repeat, each with the first answer expected.
  private var repetitions: [@Sendable () async throws -> Void] = []

  init(_ suite: FollowedSuite, _ seed: PropertySeed, number: Int) {
    self.suite = suite
    self.seed = seed
    random = .seeded(seed.value &+ UInt64(number))
  }

  /// Registers the member, opens an account and gives it coupons.
  mutating func begin(with template: CampaignsV1.CouponTemplate, coupons: Int) async throws {
    let registered = try await suite.members.registerMember(.init(requestID: suite.id(), cardNumber: suite.id()))
    memberID = registered.member?.memberID ?? ""
    _ = try await suite.loyalty.openAccount(.init(requestID: suite.id(), memberID: memberID))
    for _ in 0..<coupons {
      let issued = try await suite.campaigns.issueCoupon(
        .init(requestID: suite.id(), memberID: memberID, templateID: template.templateID)
      )
      books.couponIDs.append(issued.coupon?.couponID ?? "")
    }
  }

  /// Executes a random action.
  mutating func act() async throws {
    switch Int.random(in: 0..<20, using: &random) {
    case 0..<7: try await buy()
    case 7..<9: try await buy(bringingBackFirst: .random(in: 1...2, using: &random))
    case 9..<15: try await bringBack()
    case 15: try await bringBackTooMuch()
    case 16: try await reverse()
    default: try await repetitions.randomElement(using: &random)?()
    }
  }

  // MARK: Buying

  private mutating func buy(bringingBackFirst returns: Int = 0) async throws {
    var sale = LoyaltyV1.PostOrderRequest(
      requestID: suite.id(),
      memberID: memberID,
      storeID: "store-1",
      receiptNumber: suite.id(),
      occurredAt: GoogleProtobuf.Timestamp(date: Date())
    )
    sale.lines = (0..<Int.random(in: 1...4, using: &random)).map { number in
      let amount: Int64 = Int.random(in: 0..<8, using: &random) == 0 ? 0 : .random(in: 1...6_000, using: &random)
      return CommonV1.OrderLine(productID: "P\(number)", quantityThousandths: 1_000, amount: .cny(amount))
    }
    let costs = sale.lines.map { $0.amount?.minorUnits ?? 0 }
    var left = costs.reduce(0, +)
    if let reservation = try await reserve(for: sale, gross: left) {
      sale.reservationID = reservation.reservationID
      sale.couponDiscounts = reservation.discounts
      left -= reservation.discounts.reduce(0) { $0 + ($1.discount?.minorUnits ?? 0) }
    }
    // A hundred points pay a hundred fen.
    let most = max(0, min(books.points, left) / 100)
    if Bool.random(using: &random) { sale.pointsToRedeem = .random(in: 0...most, using: &random) * 100 }
    var early: [[Int64]] = []
    for _ in 0..<returns { early.append(try await bringBack(before: sale, costs)) }
    let posted = try await send(sale) { [suite] in try await suite.loyalty.postOrder($0) }
    var entry = SlowBooks.Sale(
      orderID: sale.requestID,
      costs: costs,
      paid: left - sale.pointsToRedeem,
      pointsRedeemed: sale.pointsToRedeem,
      couponIDs: sale.couponDiscounts.map(\.couponID)
    )
    #expect(posted.order?.payable?.minorUnits == entry.paid, "\(seed)")
    #expect(posted.order?.pointsEarned == entry.pointsEarned, "\(seed)")
    // What does not fit is dropped: the goods are back.
    for asked in early { entry.returns.append(zip(asked, costs.indices).map { min($0, entry.left($1)) }) }
    books.sales.append(entry)
  }

  /// Reserves coupons, if campaigns knows by now that they are free. A redeemed coupon is never free again.
  private mutating func reserve(
    for sale: LoyaltyV1.PostOrderRequest,
    gross: Int64
  ) async throws -> CampaignsV1.Reservation? {
    let count = Int.random(in: 0...2, using: &random)
    let wanted = Array(books.couponIDs.shuffled(using: &random).prefix(count))
    guard !wanted.isEmpty, gross > 1_000 else { return nil }
    let request = CampaignsV1.ReserveCouponsRequest(
      orderID: sale.requestID,
      memberID: memberID,
      couponIDs: wanted,
      gross: .cny(gross),
      occurredAt: sale.occurredAt
    )
    do {
      let reservation = try await suite.campaigns.reserveCoupons(request).reservation
      #expect(books.usedCouponIDs.isDisjoint(with: wanted), "a used coupon was given again, \(seed)")
      return reservation
    } catch let error as RPCError where error.info?.reason == "COUPON_NOT_AVAILABLE" {
      return nil
    }
  }

  // MARK: Bringing back

  private func goods(_ sale: LoyaltyV1.Receipt, _ lines: [LoyaltyV1.ReturnLine]) -> LoyaltyV1.PostReturnRequest {
    LoyaltyV1.PostReturnRequest(
      requestID: suite.id(),
      memberID: memberID,
      key: .receipt(sale),
      storeID: "store-2",
      lines: lines,
      reason: "wrong size"
    )
  }

  /// Returns goods of a sale that has not arrived, perhaps more than there are. Returns the amounts by line.
  private mutating func bringBack(before sale: LoyaltyV1.PostOrderRequest, _ costs: [Int64]) async throws -> [Int64] {
    let line = Int.random(in: costs.indices, using: &random)
    let amount = Int64.random(in: 1...(costs[line] + 10), using: &random)
    let receipt = LoyaltyV1.Receipt(storeID: sale.storeID, receiptNumber: sale.receiptNumber)
    let answer = try await send(goods(receipt, [.init(line: Int32(line), amount: .cny(amount))])) { [suite] in
      try await suite.loyalty.postReturn($0)
    }
    #expect(answer.state == .waiting, "\(seed)")
    return costs.indices.map { $0 == line ? amount : 0 }
  }

  /// Returns a part of a sale, or the rest.
  private mutating func bringBack() async throws {
    let candidates = books.sales.indices.filter { books.sales[$0].costs.indices.contains(where: isLeft(in: $0)) }
    guard let index = candidates.randomElement(using: &random) else { return }
    let sale = books.sales[index]
    var lines: [LoyaltyV1.ReturnLine] = []
    var back = sale.costs.map { _ in Int64(0) }
    let isRest = Int.random(in: 0..<5, using: &random) == 0
    for line in sale.costs.indices where sale.left(line) > 0 && (isRest || lines.isEmpty || .random(using: &random)) {
      let isWhole = isRest || Int.random(in: 0..<3, using: &random) == 0
      back[line] = isWhole ? sale.left(line) : .random(in: 1...sale.left(line), using: &random)
      lines.append(.init(line: Int32(line), amount: isWhole ? nil : .cny(back[line])))
    }
    let answer = try await send(request(sale, isRest ? [] : lines)) { [suite] in
      try await suite.loyalty.postReturn($0)
    }
    #expect(answer.orderReturn?.returned?.minorUnits == back.reduce(0, +), "\(seed)")
    books.sales[index].returns.append(back)
  }

  private func isLeft(in sale: Int) -> (Int) -> Bool {
    { !books.sales[sale].isReversed && books.sales[sale].left($0) > 0 }
  }

  private func request(_ sale: SlowBooks.Sale, _ lines: [LoyaltyV1.ReturnLine]) -> LoyaltyV1.PostReturnRequest {
    var request = goods(LoyaltyV1.Receipt(), lines)
    request.key = .orderID(sale.orderID)
    return request
  }

  /// Returns more than is left, which is refused and changes nothing.
  private mutating func bringBackTooMuch() async throws {
    guard let sale = books.sales.randomElement(using: &random) else { return }
    let excess = LoyaltyV1.ReturnLine(line: 0, amount: .cny(sale.left(0) + 1))
    await #expect(throws: RPCError.self, "\(seed)") { try await suite.loyalty.postReturn(request(sale, [excess])) }
  }

  private mutating func reverse() async throws {
    let candidates = books.sales.indices.filter { !books.sales[$0].isAllBack }
    guard let index = candidates.randomElement(using: &random) else { return }
    _ = try await send(.sample(of: books.sales[index].orderID)) { [suite] in try await suite.loyalty.reverseOrder($0) }
    books.sales[index].isReversed = true
  }

  /// Sends a request, perhaps twice at once, and stores it for a repetition.
  private mutating func send<Request: Sendable, Answer: Sendable & Equatable>(
    _ request: Request,
    _ call: @escaping @Sendable (Request) async throws -> Answer
  ) async throws -> Answer {
    let isTwice = Bool.random(using: &random)
    async let second = isTwice ? call(request) : nil
    let answer = try await call(request)
    if let second = try await second { #expect(second == answer, "\(seed)") }
    repetitions.append { [seed] in
      let again = try await call(request)
      #expect(again == answer, "\(seed)")
    }
    return answer
  }
}
