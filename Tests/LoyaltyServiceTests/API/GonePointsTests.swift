import Basics
import Foundation
import LoyaltyProto
import LoyaltyTestSupport
import Messages
import RPC
import ServiceKit
import Testing

@testable import LoyaltyService

@Suite("Points of a sale that are gone are not taken again (M7)")
struct GonePointsTests {
  /// A member with 500 points of other sales, which never expire.
  private func member(_ loyalty: LoyaltyHarness) async throws -> UUID { try await loyalty.openAccount(points: 500) }

  private func reverse(_ loyalty: LoyaltyHarness, _ order: String) async throws -> LoyaltyV1.ReverseOrderResponse {
    try await loyalty.client.reverseOrder(.sample(of: order))
  }

  private func cancel(_ loyalty: LoyaltyHarness, _ member: UUID, _ order: String) async throws {
    _ = try await loyalty.client.cancelPending(
      .init(requestID: loyalty.ids.next().text, memberID: member.text, pendingID: order)
    )
  }

  private func takeGone(_ loyalty: LoyaltyHarness) async throws {
    try await loyalty.changeProgramme("return_rule") {
      $0.returnRule?.takeGonePoints = true
    }
  }

  @Test(
    "pending points that were cancelled: the return takes nothing, unless the programme says so (M7, M4)",
    arguments: [false, true]
  )
  func cancelled(takesGone: Bool) async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await member(loyalty)
      try await loyalty.changeProgramme("pending_days") { $0.pendingDays = 7 }
      if takesGone { try await takeGone(loyalty) }
      let order = try await loyalty.client.postOrder(.sample(member, 10_000)).orderID
      try await cancel(loyalty, member, order)
      let reversal = try await reverse(loyalty, order)
      let taken: Int64 = takesGone ? 100 : 0
      #expect([reversal.pointsTaken, reversal.pointsShort] == [taken, 100 - taken])
      #expect(reversal.balancePoints == 500 - taken)
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test(
    "points that expired: the return takes nothing, entered or not, unless the programme says so (M7, M3)",
    arguments: [false, true],
    [false, true]
  )
  func expired(takesGone: Bool, isEntered: Bool) async throws {
    let clock = TestClock()
    try await LoyaltyHarness.with(clock: clock) { loyalty in
      let member = try await member(loyalty)
      try await loyalty.changeProgramme("expiry_rule") { $0.expiryRule = .init(unit: .days, count: 2) }
      if takesGone { try await takeGone(loyalty) }
      let order = try await loyalty.client.postOrder(.sample(member, 10_000)).orderID
      clock.advance(by: .seconds(5 * 86_400))
      if isEntered {
        _ = try await loyalty.client.debit(.init(requestID: loyalty.ids.next().text, memberID: member.text, amount: 1))
      }
      let reversal = try await reverse(loyalty, order)
      let taken: Int64 = takesGone ? 100 : 0
      #expect([reversal.pointsTaken, reversal.pointsShort] == [taken, 100 - taken])
      #expect(try await loyalty.balance(of: member).points == 500 - taken - (isEntered ? 1 : 0))
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test(
    "points that were spent are taken of the others still, as far as the policy says, also after their last day (M7)"
  )
  func spent() async throws {
    let clock = TestClock()
    try await LoyaltyHarness.with(clock: clock) { loyalty in
      let member = try await member(loyalty)
      try await loyalty.changeProgramme("expiry_rule") { $0.expiryRule = .init(unit: .days, count: 2) }
      let order = try await loyalty.client.postOrder(.sample(member, 10_000)).orderID
      _ = try await loyalty.client.debit(.init(requestID: loyalty.ids.next().text, memberID: member.text, amount: 70))
      clock.advance(by: .seconds(5 * 86_400))
      // 70 were spent and 30 expired.
      let reversal = try await reverse(loyalty, order)
      #expect([reversal.pointsTaken, reversal.pointsShort] == [70, 30] as [Int64])
      #expect(reversal.balancePoints == 430)
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("of a sale that comes back in parts no more is taken in all than is not gone (M7)")
  func parts() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await member(loyalty)
      try await loyalty.changeProgramme("pending_days") { $0.pendingDays = 7 }
      let order = try await loyalty.client.postOrder(.sample(member, 6_000, 2_000, 2_000)).orderID
      func bring(_ line: Int32) async throws -> [Int64] {
        let answer = try await loyalty.client.postReturn(
          .init(
            requestID: loyalty.ids.next().text,
            key: .orderID(order),
            storeID: "store-1",
            lines: [.init(line: line)],
            reason: "damaged"
          )
        )
        return [answer.orderReturn?.pointsTaken ?? -1, answer.orderReturn?.pointsShort ?? -1]
      }
      #expect(try await bring(1) == [20, 0])
      try await cancel(loyalty, member, order)
      #expect(try await bring(0) == [0, 60])
      let rest = try await reverse(loyalty, order)
      #expect([rest.pointsTaken, rest.pointsShort, rest.balancePoints] == [0, 20, 500] as [Int64])
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("points that became spendable are taken as ever: nothing of them is gone (M7, M4)")
  func activated() async throws {
    let clock = TestClock()
    try await LoyaltyHarness.with(clock: clock) { loyalty in
      let member = try await member(loyalty)
      try await loyalty.changeProgramme("pending_days") { $0.pendingDays = 7 }
      let (kept, gone) = (
        try await loyalty.client.postOrder(.sample(member, 10_000)).orderID,
        try await loyalty.client.postOrder(.sample(member, 3_000)).orderID
      )
      try await cancel(loyalty, member, gone)
      clock.advance(by: .seconds(8 * 86_400))
      #expect(try await reverse(loyalty, kept).pointsTaken == 100)
      #expect(try await reverse(loyalty, gone).pointsTaken == 0)
      #expect(try await loyalty.balance(of: member).points == 500)
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  /// What became of an order's points, by its own rules: no other order's are ever taken for it, as nothing is spent.
  private struct Sale {
    let id: String
    let earned: Int64
    let expiresOn: Day
    var availableAt: Date?
    var taken: Int64 = 0
    var isCancelled = false
    var isReversed = false

    func isPending(_ now: Date) -> Bool { availableAt.map { now < $0 } ?? false }

    /// What a return may take.
    func left(_ now: Date, _ today: Day) -> Int64 {
      isCancelled || !isPending(now) && expiresOn < today ? 0 : earned - taken
    }
  }

  @Test("property: where nothing is spent, a return takes only what its own sale's points still are (M7)")
  func property() async throws {
    let seed = PropertySeed("points that are gone")
    let clock = TestClock()
    let calendar = ProgrammeCalendar(timeZone: TimeZone(identifier: "Asia/Shanghai") ?? .gmt)
    try await LoyaltyHarness.with(clock: clock) { loyalty in
      var random = seed.random
      let member = try await loyalty.openAccount()
      var sales: [Sale] = []
      func open() -> [Int] { sales.indices.filter { !sales[$0].isReversed } }
      for _ in 0..<90 {
        switch Int.random(in: 0..<8, using: &random) {
        case 0:
          let (days, pending) = (Int32.random(in: 0...6, using: &random), Int32.random(in: 0...3, using: &random))
          try await loyalty.changeProgramme("expiry_rule") { $0.expiryRule = .init(unit: .days, count: days) }
          try await loyalty.changeProgramme("pending_days") { $0.pendingDays = pending }
        case 1, 2, 3:
          let lines = (0..<3).map { _ in Int64.random(in: 0...90, using: &random) * 100 }
          let order = try await loyalty.client.postOrder(.sample(member, lines[0], lines[1], lines[2])).order
          let posted = try #require(order)
          sales.append(
            Sale(
              id: posted.orderID,
              earned: posted.pointsEarned,
              expiresOn: Day(posted.pointsExpireOn) ?? .never,
              availableAt: posted.pointsAvailableAt?.date
            )
          )
        case 4:
          let pending = sales.indices.filter {
            sales[$0].isPending(clock.now) && sales[$0].left(clock.now, .number(0)) > 0
          }
          guard let index = pending.randomElement(using: &random) else { continue }
          let id = loyalty.ids.next().text
          if Bool.random(using: &random) {
            try await cancel(loyalty, member, sales[index].id)
            sales[index].isCancelled = true
          } else {
            _ = try await loyalty.client.activatePending(
              .init(requestID: id, memberID: member.text, pendingID: sales[index].id)
            )
            sales[index].availableAt = nil
          }
        case 5:
          guard let index = open().randomElement(using: &random) else { continue }
          let left = sales[index].left(clock.now, calendar.time(clock.now).today)
          let back = try await reverse(loyalty, sales[index].id)
          #expect(back.pointsTaken == min(left, back.pointsTaken + back.pointsShort), "\(seed)")
          sales[index].taken += back.pointsTaken
          sales[index].isReversed = true
        default:
          guard let index = open().randomElement(using: &random) else { continue }
          let left = sales[index].left(clock.now, calendar.time(clock.now).today)
          let request = LoyaltyV1.PostReturnRequest(
            requestID: loyalty.ids.next().text,
            key: .orderID(sales[index].id),
            storeID: "store-1",
            lines: [.init(line: .random(in: 0..<3, using: &random))],
            reason: "damaged"
          )
          do {
            let back = try await loyalty.client.postReturn(request).orderReturn
            let (taken, short) = (back?.pointsTaken ?? -1, back?.pointsShort ?? -1)
            #expect(taken == min(left, taken + short), "\(seed)")
            sales[index].taken += taken
          } catch let error as RPCError where LoyaltyReason.nothingLeftToReturn.matches(error) {}
        }
        let (now, today) = (clock.now, calendar.time(clock.now).today)
        let balance = try await loyalty.balance(of: member)
        let live = sales.filter { !$0.isPending(now) }.reduce(0) { $0 + $1.left(now, today) }
        let pending = sales.filter { $0.isPending(now) }.reduce(0) { $0 + $1.left(now, today) }
        #expect([balance.points, balance.pending] == [live, pending], "\(seed)")
        clock.advance(by: .seconds(Int64.random(in: 60...60_000, using: &random)))
      }
      #expect(try await loyalty.bookProblems() == [])
    }
  }
}
