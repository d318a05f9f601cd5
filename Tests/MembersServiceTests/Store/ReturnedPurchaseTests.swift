import Foundation
import Postgres
import SeededRandomness
import ServiceKit
import Testing

@testable import MembersService

@Suite("Purchases with returns")
struct ReturnedPurchaseTests {
  private let time = Date(timeIntervalSince1970: 1_733_000_000)
  private let member = UUID()

  private func sale(_ amounts: Int64..., paid: Int64, of member: UUID? = nil, after seconds: Double = 0) -> Purchase {
    sale(amounts, paid: paid, of: member, after: seconds)
  }

  /// Makes a receipt with lines of these amounts, a piece each 100.
  private func sale(_ amounts: [Int64], paid: Int64, of member: UUID?, after seconds: Double) -> Purchase {
    Purchase(
      memberID: member ?? self.member,
      orderID: UUID(),
      storeID: "S1",
      receiptNumber: "R1",
      purchasedAt: time.addingTimeInterval(seconds),
      currencyCode: "CNY",
      grossMinorUnits: amounts.reduce(0, +),
      paidMinorUnits: paid,
      pointsEarned: paid / 100,
      pointsRedeemed: 0,
      lines: amounts.map { amount in
        PurchaseLine(
          productID: "P1",
          description: "",
          category: "",
          quantityThousandths: amount > 1_000_000 ? 1_000 : amount * 10,
          amountMinorUnits: amount
        )
      }
    )
  }

  private func goods(_ amounts: Int64..., of sale: Purchase, after seconds: Double = 100) -> PurchaseReturn {
    goods(amounts, of: sale, after: seconds)
  }

  /// Makes a return of these amounts of the first lines of a receipt.
  private func goods(_ amounts: [Int64], of sale: Purchase, after seconds: Double) -> PurchaseReturn {
    PurchaseReturn(
      memberID: sale.memberID,
      orderID: sale.orderID,
      returnID: UUID(),
      minorUnits: amounts.reduce(0, +),
      lines: amounts.enumerated().filter { $0.element > 0 }.map { number, amount in
        .init(line: Int32(number), quantityThousandths: amount > 1_000_000 ? 0 : amount * 10, minorUnits: amount)
      },
      returnedAt: time.addingTimeInterval(seconds)
    )
  }

  private func reversed(_ sale: Purchase, after seconds: Double = 200) -> LedgerNews.Event {
    var sale = sale
    sale.reversedAt = time.addingTimeInterval(seconds)
    return .reversed(sale)
  }

  private func with(_ body: (PurchaseStore) async throws -> Void) async throws {
    try await MembersDatabase.with { database in
      let store = PurchaseStore(database: database, linesPerPage: PageBudget(maximum: 2_000))
      try await body(store)
      #expect(try await database.query("SELECT FROM purchase_totals_mismatch").isEmpty)
    }
  }

  private func record(_ events: [LedgerNews.Event], in store: PurchaseStore) async throws {
    try await store.database.transaction { try await store.record(LedgerNews(events), in: $0) }
  }

  private func only(_ store: PurchaseStore) async throws -> Purchase {
    try #require(try await store.page(ofMember: member, after: nil, size: 10).purchases.first)
  }

  @Test("show the paid, returned and remaining amounts in the receipt, its lines and the totals")
  func parts() async throws {
    try await with { store in
      let (first, second) = (sale(1_000, 2_001, paid: 2_000), sale(500, paid: 500, after: 10))
      try await record([.posted(first), .posted(second)], in: store)
      try await record([.returned(first, goods(400, 1, of: first))], in: store)
      let totals = try #require(try await store.totals(ofMember: member))
      #expect((totals.paidMinorUnits, totals.refundedMinorUnits, totals.spentMinorUnits) == (2_500, 267, 2_233))
      #expect((totals.purchaseCount, totals.returnedPurchaseCount) == (2, 0))
      let purchase = try #require(try await store.page(ofMember: member, after: nil, size: 10).purchases.last)
      #expect(purchase.refundedMinorUnits == 2_000 * 401 / 3_001)
      #expect(purchase.lines.map(\.returnedMinorUnits) == [400, 1])
      #expect(purchase.lines.map(\.returnedQuantityThousandths) == [4_000, 10])
      #expect(purchase.returnedAt == nil)
    }
  }

  @Test("count as a receipt that was reversed once everything was returned, in any number of parts")
  func wholeByParts() async throws {
    try await with { store in
      let sales = (0..<3).map { sale(100, 200, paid: 299, of: UUID(), after: Double($0)) }
      try await record(sales.map { .posted($0) }, in: store)
      let (parts, whole, reversal) = (sales[0], sales[1], sales[2])
      try await record([.returned(parts, goods(1, 200, of: parts)), .returned(parts, goods(98, of: parts))], in: store)
      #expect(try await store.totals(ofMember: parts.memberID)?.spentMinorUnits == 1)
      try await record([.returned(parts, goods(1, of: parts, after: 200))], in: store)
      try await record([.returned(whole, goods(100, 200, of: whole, after: 200)), reversed(reversal)], in: store)
      for sale in sales {
        #expect(
          try await store.totals(ofMember: sale.memberID)
            == PurchaseTotals(
              purchaseCount: 0,
              returnedPurchaseCount: 1,
              currencyCode: "CNY",
              paidMinorUnits: 299,
              refundedMinorUnits: 299,
              spentMinorUnits: 0,
              lastPurchaseAt: nil
            )
        )
        let purchase = try #require(try await store.page(ofMember: sale.memberID, after: nil, size: 1).purchases.first)
        #expect(purchase.returnedAt == time.addingTimeInterval(200))
        #expect(purchase.refundedMinorUnits == 299)
        #expect(purchase.lines.map(\.returnedMinorUnits) == [100, 200])
        #expect(purchase.lines.map(\.returnedQuantityThousandths) == [1_000, 2_000])
      }
    }
  }

  @Test("count the rest that a reversal finds after returns")
  func reversedAfterParts() async throws {
    try await with { store in
      let sale = sale(100, 200, paid: 150)
      try await record([.posted(sale), .returned(sale, goods(100, of: sale))], in: store)
      #expect(try await store.totals(ofMember: member)?.spentMinorUnits == 100)
      try await record([reversed(sale)], in: store)
      let totals = try #require(try await store.totals(ofMember: member))
      #expect((totals.refundedMinorUnits, totals.spentMinorUnits) == (150, 0))
      #expect((totals.purchaseCount, totals.returnedPurchaseCount) == (0, 1))
    }
  }

  @Test("are known whole from a return alone, as when it waited for its sale")
  func returnFirst() async throws {
    try await with { store in
      let sale = sale(100, 200, paid: 300)
      try await record([.returned(sale, goods(50, of: sale))], in: store)
      try await record([.posted(sale)], in: store)
      let purchase = try await only(store)
      #expect(purchase.refundedMinorUnits == 50)
      #expect(purchase.lines.map(\.returnedMinorUnits) == [50, 0])
      #expect(try await store.totals(ofMember: member)?.spentMinorUnits == 250)
    }
  }

  @Test("return a line's whole quantity with the last of its price, even if no return states quantities")
  func quantities() async throws {
    try await with { store in
      let sale = sale(100, 0, paid: 100)
      var halves = (0..<2).map { _ in goods(50, of: sale) }
      for half in halves.indices { halves[half].lines[0].quantityThousandths = 0 }
      try await record([.returned(sale, halves[0])], in: store)
      #expect(try await only(store).lines.map(\.returnedQuantityThousandths) == [0, 0])
      try await record([.returned(sale, halves[1])], in: store)
      #expect(try await only(store).lines.map(\.returnedQuantityThousandths) == [1_000, 0])
      #expect(try await only(store).returnedAt != nil)
    }
  }

  @Test("have totals of any size: one beyond the answer's range is given as its greatest value")
  func anySize() async throws {
    try await with { store in
      let sales = (0..<3).map { _ in sale(Int64.max, paid: Int64.max) }
      try await record(sales.map { .posted($0) }, in: store)
      try await record([.returned(sales[0], goods(Int64.max - 1, of: sales[0]))], in: store)
      var totals = try #require(try await store.totals(ofMember: member))
      #expect((totals.paidMinorUnits, totals.spentMinorUnits) == (Int64.max, Int64.max))
      #expect(totals.refundedMinorUnits == Int64.max - 1)
      try await record(sales.dropFirst().map { .returned($0, goods(Int64.max, of: $0)) }, in: store)
      totals = try #require(try await store.totals(ofMember: member))
      #expect((totals.paidMinorUnits, totals.refundedMinorUnits) == (Int64.max, Int64.max))
      #expect((totals.spentMinorUnits, totals.purchaseCount) == (1, 1))
    }
  }

  @Test("are what all that was heard adds up to, whatever comes, in whatever order and how often")
  func anyOrder() async throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededRandom(seed: seed)
    let members = (0..<3).map { _ in UUID() }
    let events = members.flatMap { member in
      (0..<12).flatMap { self.events(of: sale(to: member, number: $0, &random), &random) }
    }
    try await with { store in
      var model = SlowHistory()
      // Each event at least once, and as many again.
      var rest = (events + events.indices.map { _ in events.randomElement(using: &random)! }).shuffled(using: &random)
      while !rest.isEmpty {
        let batch = Array(rest.prefix(.random(in: 1...15, using: &random)))
        rest.removeFirst(batch.count)
        try await record(batch, in: store)
        for event in batch { model.hear(event) }
        #expect(try await store.database.query("SELECT FROM purchase_totals_mismatch").isEmpty, "seed \(seed)")
        for member in members {
          #expect(try await store.totals(ofMember: member) == model.totals(of: member), "seed \(seed)")
        }
      }
      for member in members {
        let page = try await store.page(ofMember: member, after: nil, size: 100)
        #expect(page.purchases == model.purchases(of: member), "seed \(seed)")
      }
    }
  }

  private func sale(to member: UUID, number: Int, _ random: inout SeededRandom) -> Purchase {
    let amounts = (0..<Int.random(in: 1...3, using: &random)).map { _ in Int64.random(in: 1...1_000, using: &random) }
    let paid = Int64.random(in: 0...amounts.reduce(0, +), using: &random)
    return sale(amounts, paid: paid, of: member, after: Double(number))
  }

  /// Makes the sale, up to four returns of random parts of the rest, and perhaps a reversal.
  private func events(of sale: Purchase, _ random: inout SeededRandom) -> [LedgerNews.Event] {
    var events: [LedgerNews.Event] = [.posted(sale)]
    var left = sale.lines.map(\.amountMinorUnits)
    for number in 0..<Int.random(in: 0...4, using: &random) {
      let isRest = Int.random(in: 0..<4, using: &random) == 0
      let amounts = left.map { isRest ? $0 : Int64.random(in: 0...$0, using: &random) }
      guard amounts.contains(where: { $0 > 0 }) else { continue }
      events.append(.returned(sale, goods(amounts, of: sale, after: Double(100 + number))))
      left = zip(left, amounts).map { $0 - $1 }
    }
    if Int.random(in: 0..<4, using: &random) == 0 { events.append(reversed(sale)) }
    return events
  }
}
