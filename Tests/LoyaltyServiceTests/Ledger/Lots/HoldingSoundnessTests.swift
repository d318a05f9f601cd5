import Testing

@testable import LoyaltyService

@Suite("What is always true of a holding (M2)")
struct HoldingSoundnessTests {
  private static func lot(_ number: UInt32, _ amount: Int64, at hour: Int64) -> PendingLot {
    PendingLot(id: .number(number), amount: amount, expiresOn: .number(1), activates: .at(.hour(hour)))
  }

  private static func hold(_ number: UInt32, _ lots: [Lot], at hour: Int64) -> Hold {
    Hold(id: .number(number), lots: lots, expiresAt: .hour(hour))
  }

  private static func holding(
    lots: [Lot] = [],
    debt: Int64 = 0,
    pending: [PendingLot] = [],
    holds: [Hold] = [],
    lifetimeEarned: Int64 = 0,
    lifetimeSpent: Int64 = 0
  ) -> Holding {
    Holding(
      lots: lots,
      debt: debt,
      pending: pending,
      holds: holds,
      lifetimeEarned: lifetimeEarned,
      lifetimeSpent: lifetimeSpent
    )
  }

  @Test(
    "what was stored right is sound (M2)",
    arguments: [
      .empty,
      holding(lots: [.lot(1, to: 1), .lot(1, to: 2)], lifetimeEarned: .max, lifetimeSpent: .max),
      holding(debt: .max),
      holding(pending: [lot(1, 1, at: 1), lot(2, 1, at: 1)], holds: [hold(1, [.lot(1, to: 1)], at: 1)]),
    ]
  )
  func sound(holding: Holding) {
    #expect(holding.isSound)
  }

  @Test(
    "what was stored wrong is noticed (M2)",
    arguments: [
      holding(debt: -1),
      holding(lots: [.lot(1, to: 1)], debt: 1),
      holding(lifetimeEarned: -1),
      holding(lifetimeSpent: -1),
      holding(pending: [lot(1, 0, at: 1)]),
      holding(pending: [lot(1, 1, at: 2), lot(2, 1, at: 1)]),
      holding(pending: [lot(1, 1, at: 1), lot(1, 1, at: 1)]),
      holding(pending: [lot(1, .max, at: 1), lot(2, 1, at: 1)]),
      holding(pending: [lot(1, 1, at: 1)], lifetimeEarned: .max),
      holding(holds: [hold(1, [], at: 1)]),
      holding(holds: [hold(1, [.lot(1, to: 2), .lot(1, to: 1)], at: 1)]),
      holding(holds: [hold(1, [.lot(1, to: 1)], at: 2), hold(2, [.lot(1, to: 1)], at: 1)]),
      holding(holds: [hold(1, [.lot(1, to: 1)], at: 1), hold(1, [.lot(1, to: 1)], at: 1)]),
      holding(holds: [hold(1, [.lot(.max, to: 1)], at: 1), hold(2, [.lot(1, to: 1)], at: 1)]),
      holding(lots: [.lot(.max, to: 1)], holds: [hold(1, [.lot(1, to: 1)], at: 1)]),
      holding(lots: [.lot(.max, to: 1)], pending: [lot(1, 1, at: 1)]),
    ]
  )
  func unsound(holding: Holding) {
    #expect(!holding.isSound)
  }

  @Test("a cached sum that is wrong is noticed (M2)")
  func wrongSums() throws {
    var holding = try Holding.earned([.lot(5, to: 1)])
    holding.held = 1
    #expect(!holding.isSound)
    holding.held = 0
    holding.pendingTotal = 1
    #expect(!holding.isSound)
  }
}
