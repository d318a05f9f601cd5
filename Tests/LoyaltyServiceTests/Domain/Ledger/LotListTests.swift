import Testing

@testable import LoyaltyService

@Suite("M3 Lots in the order in which they are spent")
struct LotListTests {
  @Test("M3 lots are sorted by expiry, whatever order they come in")
  func sorts() {
    var list = LotList.empty
    for lot in [Lot.lot(1, to: 5), .lot(2, to: 3), .lot(3, to: 9), .lot(4, to: 4)] { list.add(lot) }
    #expect(list.lots == [.lot(2, to: 3), .lot(4, to: 4), .lot(1, to: 5), .lot(3, to: 9)])
    #expect(list.total == 10)
    #expect(list.soonest == .number(3))
  }

  @Test("M3 lots that expire together are one lot")
  func merges() {
    var list = LotList([.lot(1, to: 3), .lot(2, to: 5)])
    list.add(.lot(10, to: 3))
    list.add(.lot(20, to: 5))
    #expect(list.lots == [.lot(11, to: 3), .lot(22, to: 5)])
    #expect(list.total == 33)
  }

  @Test("M3 what never expires comes after everything else")
  func neverIsLast() {
    var list = LotList([Lot(expiresOn: .never, amount: 1)])
    list.add(.lot(2, to: 7))
    #expect(list.lots == [.lot(2, to: 7), Lot(expiresOn: .never, amount: 1)])
    #expect(list.takeExpired(before: .never) == [.lot(2, to: 7)])
    #expect(list.soonest == .never)
  }

  @Test(
    "M3 taking begins with the soonest lot and splits the last one it needs",
    arguments: [
      (0, [], [.lot(5, to: 1), .lot(5, to: 2)]),
      (4, [.lot(4, to: 1)], [.lot(1, to: 1), .lot(5, to: 2)]),
      (5, [.lot(5, to: 1)], [.lot(5, to: 2)]),
      (6, [.lot(5, to: 1), .lot(1, to: 2)], [.lot(4, to: 2)]),
      (10, [.lot(5, to: 1), .lot(5, to: 2)], []),
    ] as [(Int64, [Lot], [Lot])]
  )
  func takes(amount: Int64, taken: [Lot], left: [Lot]) {
    var list = LotList([.lot(5, to: 1), .lot(5, to: 2)])
    #expect(list.take(amount) == taken)
    #expect(list == LotList(left))
  }

  @Test("M3 taking from one day takes no more than is there, and nothing from another day")
  func takesOneDay() {
    var list = LotList([.lot(5, to: 1), .lot(5, to: 2)])
    #expect(list.take(3, expiringOn: .number(2)) == .lot(3, to: 2))
    #expect(list.take(3, expiringOn: .number(2)) == .lot(2, to: 2))
    #expect(list.take(3, expiringOn: .number(2)) == nil)
    #expect(list.take(0, expiringOn: .number(1)) == nil)
    #expect(list == LotList([.lot(5, to: 1)]))
  }

  @Test("M3 a lot can be spent on its last day, and not on the next")
  func expires() {
    var list = LotList([.lot(5, to: 1), .lot(6, to: 2), .lot(7, to: 3)])
    #expect(list.takeExpired(before: .number(1)).isEmpty)
    #expect(list.takeExpired(before: .number(3)) == [.lot(5, to: 1), .lot(6, to: 2)])
    #expect(list == LotList([.lot(7, to: 3)]))
  }

  @Test(
    "A list out of order, with a day twice, an empty lot or too large a sum is not sound",
    arguments: [
      [.lot(1, to: 2), .lot(1, to: 1)],
      [.lot(1, to: 1), .lot(1, to: 1)],
      [.lot(0, to: 1)],
      [.lot(-1, to: 1)],
      [.lot(.max, to: 1), .lot(1, to: 2)],
    ] as [[Lot]]
  )
  func unsound(lots: [Lot]) {
    #expect(!LotList(lots).isSound)
    #expect(!Holding(lots: lots, debt: 0, pending: [], holds: [], lifetimeEarned: 0, lifetimeSpent: 0).isSound)
  }
}
