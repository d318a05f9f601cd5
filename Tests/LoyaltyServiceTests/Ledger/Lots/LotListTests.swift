import Basics
import Testing

@testable import LoyaltyService

@Suite("Lots in the order in which they are spent (M3)")
struct LotListTests {
  @Test("lots are sorted by expiry, whatever order they come in (M3)")
  func sorts() {
    var list = LotList.empty
    for lot in [Lot.lot(1, to: 5), .lot(2, to: 3), .lot(3, to: 9), .lot(4, to: 4)] { list.add(lot) }
    #expect(list.lots == [.lot(2, to: 3), .lot(4, to: 4), .lot(1, to: 5), .lot(3, to: 9)])
    #expect(list.total == 10)
    #expect(list.soonest == .number(3))
  }

  @Test("lots that expire together are one lot (M3)")
  func merges() {
    var list = LotList([.lot(1, to: 3), .lot(2, to: 5)])
    list.add(.lot(10, to: 3))
    list.add(.lot(20, to: 5))
    #expect(list.lots == [.lot(11, to: 3), .lot(22, to: 5)])
    #expect(list.total == 33)
  }

  @Test("what never expires comes after everything else (M3)")
  func neverIsLast() {
    var list = LotList([Lot(expiresOn: .never, amount: 1)])
    list.add(.lot(2, to: 7))
    #expect(list.lots == [.lot(2, to: 7), Lot(expiresOn: .never, amount: 1)])
    #expect(list.takeExpired(before: .never) == [.lot(2, to: 7)])
    #expect(list.soonest == .never)
  }

  @Test(
    "taking begins with the soonest lot and splits the last one it needs (M3)",
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

  @Test("taking from one day takes no more than is there, and nothing from another day (M3)")
  func takesOneDay() {
    var list = LotList([.lot(5, to: 1), .lot(5, to: 2)])
    #expect(list.take(3, of: LotKey(expiresOn: .number(2), isBonus: false)) == .lot(3, to: 2))
    #expect(list.take(3, of: LotKey(expiresOn: .number(2), isBonus: false)) == .lot(2, to: 2))
    #expect(list.take(3, of: LotKey(expiresOn: .number(2), isBonus: false)) == nil)
    #expect(list.take(0, of: LotKey(expiresOn: .number(1), isBonus: false)) == nil)
    #expect(list == LotList([.lot(5, to: 1)]))
  }

  @Test("bonus comes before what is none, and is a lot of its own also on the same day (L11)")
  func bonus() {
    func bonus(_ amount: Int64, to day: Day) -> Lot { Lot(expiresOn: day, isBonus: true, amount: amount) }
    var list = LotList.empty
    for lot in [Lot(expiresOn: .never, amount: 7), bonus(3, to: .never), bonus(2, to: .number(5)), .lot(4, to: 3)] {
      list.add(lot)
    }
    #expect(list.isSound)
    #expect(
      list.lots == [bonus(2, to: .number(5)), bonus(3, to: .never), .lot(4, to: 3), Lot(expiresOn: .never, amount: 7)]
    )
    #expect(list.soonest == .number(3))
    #expect(list.withoutBonus == 11)
    #expect(list.takeWithoutBonus(5) == [.lot(4, to: 3), Lot(expiresOn: .never, amount: 1)])
    #expect(list.take(4) == [bonus(2, to: .number(5)), bonus(2, to: .never)])
    list.add(bonus(1, to: .number(9)))
    #expect(list.takeExpired(before: .number(10)) == [bonus(1, to: .number(9))])
    #expect(list.lots == [bonus(1, to: .never), Lot(expiresOn: .never, amount: 6)])
    #expect(list.total == 7)
  }

  @Test("what is stored of a lot's key never changes: the day, less 2^32 if it is bonus (L11)")
  func keys() {
    for (day, isBonus, stored) in [
      (0, false, 0), (20_000, false, 20_000), (.max, false, 2_147_483_647), (0, true, -4_294_967_296),
      (.max, true, -2_147_483_649), (.min, false, -2_147_483_648), (.min, true, -6_442_450_944),
    ] as [(Int32, Bool, Int64)] {
      let key = LotKey(expiresOn: .number(day), isBonus: isBonus)
      #expect(key.rawValue == stored)
      #expect(LotKey(rawValue: stored) == key)
      #expect(key.expiresOn == .number(day) && key.isBonus == isBonus)
    }
    for number in [Int64.min, -6_442_450_945, 2_147_483_648, .max] { #expect(LotKey(rawValue: number) == nil) }
  }

  @Test("a lot can be spent on its last day, and not on the next (M3)")
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
