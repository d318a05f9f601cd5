import Basics
import Foundation
import Postgres
import SeededRandomness
import ServiceKit
import Testing

@testable import MembersService

@Suite("The purchases' store")
struct PurchaseStoreTests {
  private let time = Date(timeIntervalSince1970: 1_733_000_000)
  private let member = UUID()

  private func purchase(
    _ number: Int,
    of member: UUID? = nil,
    paid: Int64 = 100,
    lines: Int = 2,
    reversedAt: Date? = nil
  ) -> Purchase {
    Purchase(
      memberID: member ?? self.member,
      orderID: order(number),
      storeID: "S1",
      receiptNumber: "\(number)",
      purchasedAt: time.addingTimeInterval(Double(number)),
      currencyCode: "CNY",
      grossMinorUnits: (0..<Int64(lines)).reduce(0, +),
      paidMinorUnits: paid,
      pointsEarned: paid / 100,
      pointsRedeemed: 0,
      lines: (0..<lines).map { line in
        PurchaseLine(
          productID: "P\(line)",
          description: "牛奶",
          category: "DAIRY",
          quantityThousandths: 1_000,
          amountMinorUnits: Int64(line)
        )
      },
      reversedAt: reversedAt
    )
  }

  private func order(_ number: Int) -> UUID {
    UUID(uuid: (1, 2, 3, 4, 5, 6, 0x70, 8, 0x80, 1, 2, 3, 4, 5, UInt8(number >> 8), UInt8(number & 255)))
  }

  private func store(_ database: Database, linesPerPage: Int = 2_000) -> PurchaseStore {
    PurchaseStore(database: database, linesPerPage: PageBudget(maximum: linesPerPage))
  }

  private func record(_ events: [LedgerNews.Event], in store: PurchaseStore) async throws {
    try await store.database.transaction { try await store.record(LedgerNews(events), in: $0) }
  }

  @Test("returns exactly what was recorded, latest first")
  func givesBack() async throws {
    try await MembersDatabase.with { database in
      let store = store(database)
      let purchases = [purchase(1, lines: 3), purchase(2, lines: 0), purchase(3, lines: 1)]
      try await record(purchases.map { .posted($0) }, in: store)
      let page = try await store.page(ofMember: member, after: nil, size: 10)
      #expect(page.purchases == Array(purchases.reversed()))
      #expect(!page.hasMore)
    }
  }

  @Test("counts each receipt once, in one run of events and in several")
  func countsOnce() async throws {
    try await MembersDatabase.with { database in
      let store = store(database)
      try await record([.posted(purchase(1, paid: 250)), .posted(purchase(1, paid: 250))], in: store)
      try await record([.posted(purchase(1, paid: 250)), .posted(purchase(2, paid: 50))], in: store)
      let totals = try #require(try await store.totals(ofMember: member))
      #expect(totals.purchaseCount == 2)
      #expect(totals.spentMinorUnits == 300)
      #expect(totals.currencyCode == "CNY")
      #expect(totals.lastPurchaseAt == purchase(2).purchasedAt)
      #expect(try await store.page(ofMember: member, after: nil, size: 10).purchases.map(\.lines.count) == [2, 2])
    }
  }

  @Test("subtracts a reversed receipt from the totals once, and keeps it in the history")
  func reverses() async throws {
    try await MembersDatabase.with { database in
      let store = store(database)
      let reversed = purchase(2, paid: 50, reversedAt: time.addingTimeInterval(100))
      try await record([.posted(purchase(1, paid: 250)), .posted(purchase(2, paid: 50))], in: store)
      try await record([.reversed(reversed)], in: store)
      try await record([.reversed(reversed), .posted(purchase(2, paid: 50))], in: store)
      let totals = try #require(try await store.totals(ofMember: member))
      #expect(totals.purchaseCount == 1)
      #expect(totals.spentMinorUnits == 250)
      #expect(totals.lastPurchaseAt == purchase(1).purchasedAt)
      let history = try await store.page(ofMember: member, after: nil, size: 10).purchases
      #expect(history.map(\.reversedAt) == [reversed.reversedAt, nil])
      #expect(history.map(\.returnedAt) == [reversed.reversedAt, nil])
      #expect(history.map(\.refundedMinorUnits) == [50, 0])
    }
  }

  @Test("has totals of nothing when every receipt was reversed")
  func reversesAll() async throws {
    try await MembersDatabase.with { database in
      let store = store(database)
      let reversals = [1, 2].map { purchase($0, reversedAt: time.addingTimeInterval(100)) }
      try await record([.posted(purchase(1)), .posted(purchase(2))] + reversals.map { .reversed($0) }, in: store)
      let totals = try #require(try await store.totals(ofMember: member))
      #expect(totals.purchaseCount == 0)
      #expect(totals.returnedPurchaseCount == 2)
      #expect(totals.paidMinorUnits == 200)
      #expect(totals.spentMinorUnits == 0)
      #expect(totals.lastPurchaseAt == nil)
    }
  }

  @Test("pages through a history, each purchase once")
  func pages() async throws {
    try await MembersDatabase.with { database in
      let store = store(database)
      try await record((1...20).map { .posted(purchase($0)) }, in: store)
      try await record([.posted(purchase(99, of: UUID()))], in: store)
      var numbers: [String] = []
      var position: PurchaseStore.Position?
      while true {
        let page = try await store.page(ofMember: member, after: position, size: 6)
        numbers += page.purchases.map(\.receiptNumber)
        guard page.hasMore, let last = page.purchases.last else { break }
        let microseconds = Int64(last.purchasedAt.timeIntervalSince1970) * 1_000_000
        position = PurchaseStore.Position(purchasedAt: Instant(rawValue: microseconds), orderID: last.orderID)
      }
      #expect(numbers == (1...20).reversed().map { "\($0)" })
    }
  }

  @Test("ends a page early when its receipts are very long, but never before the first")
  func endsPagesEarly() async throws {
    try await MembersDatabase.with { database in
      let store = store(database, linesPerPage: 10)
      try await record([.posted(purchase(1, lines: 4)), .posted(purchase(2, lines: 5))], in: store)
      try await record([.posted(purchase(3, lines: 5)), .posted(purchase(4, lines: 30))], in: store)
      let first = try await store.page(ofMember: member, after: nil, size: 10)
      #expect(first.purchases.map(\.lines.count) == [30])
      #expect(first.hasMore)
      let microseconds = Int64(purchase(4).purchasedAt.timeIntervalSince1970) * 1_000_000
      let position = PurchaseStore.Position(purchasedAt: Instant(rawValue: microseconds), orderID: order(4))
      let second = try await store.page(ofMember: member, after: position, size: 10)
      #expect(second.purchases.map(\.lines.count) == [5, 5])
      #expect(second.hasMore)
    }
  }

  @Test("has totals equal to the sum of the purchases, in any order of events")
  func addsUp() async throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededRandom(seed: seed)
    let members = (0..<3).map { _ in UUID() }
    let all = (0..<40).map { number in
      purchase(number, of: members[number % 3], paid: Int64.random(in: 0...10_000, using: &random), lines: number % 3)
    }
    try await MembersDatabase.with { database in
      let store = store(database)
      for _ in 0..<25 {
        let events: [LedgerNews.Event] = (0..<Int.random(in: 0...12, using: &random)).map { _ in
          var purchase = all[Int.random(in: 0..<all.count, using: &random)]
          guard Int.random(in: 0..<4, using: &random) == 0 else { return .posted(purchase) }
          purchase.reversedAt = time.addingTimeInterval(1_000)
          return .reversed(purchase)
        }
        try await record(events, in: store)
        #expect(try await database.query("SELECT FROM purchase_totals_mismatch").isEmpty, "seed \(seed)")
      }
      let lines = try await database.query(
        """
        SELECT FROM purchase WHERE line_count <>
          (SELECT count(*) FROM purchase_line AS line WHERE (line.member_id, line.order_id) = (purchase.member_id, purchase.order_id))
        """
      )
      #expect(lines.isEmpty, "seed \(seed)")
    }
  }
}
