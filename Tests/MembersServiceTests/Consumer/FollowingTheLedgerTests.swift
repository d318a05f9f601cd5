import Basics
import CommonProto
import Foundation
import LoyaltyProto
import MembersProto
import Postgres
import RPC
import ServiceKit
import Testing

@testable import MembersService

@Suite("Following the ledger", .timeLimit(.minutes(2)))
struct FollowingTheLedgerTests {
  private let member = UUIDv7Generator().next().text

  private func order(_ number: Int, paid: Int64 = 100, of member: String? = nil) -> LoyaltyV1.Order {
    LoyaltyV1.Order(
      orderID: UUID(high: 0x7000 | UInt64(number) << 16, low: 1 << 63).text,
      memberID: member ?? self.member,
      storeID: "S1",
      receiptNumber: "R\(number)",
      occurredAt: GoogleProtobuf.Timestamp(seconds: 1_733_000_000 + Int64(number)),
      lines: [
        CommonV1.OrderLine(
          productID: "P1",
          description: "牛奶",
          category: "DAIRY",
          quantityThousandths: 2_000,
          amount: CommonV1.Money(currencyCode: "CNY", minorUnits: paid + 50)
        )
      ],
      gross: CommonV1.Money(currencyCode: "CNY", minorUnits: paid + 50),
      pointsDiscount: CommonV1.Money(currencyCode: "CNY", minorUnits: 50),
      payable: CommonV1.Money(currencyCode: "CNY", minorUnits: paid),
      pointsRedeemed: 50,
      pointsEarned: paid / 100
    )
  }

  private func posted(_ order: LoyaltyV1.Order) -> LoyaltyV1.LoyaltyEvent.OneOfKind {
    .orderPosted(LoyaltyV1.OrderPosted(order: order))
  }

  private func reversed(_ order: LoyaltyV1.Order) -> LoyaltyV1.LoyaltyEvent.OneOfKind {
    var order = order
    order.reversedAt = GoogleProtobuf.Timestamp(seconds: 1_734_000_000)
    return .orderReversed(LoyaltyV1.OrderReversed(order: order, reason: "returned"))
  }

  /// Makes the event of a return of `amount` of an order's only line.
  private func returned(_ order: LoyaltyV1.Order, _ amount: Int64) -> LoyaltyV1.LoyaltyEvent.OneOfKind {
    let money = CommonV1.Money(currencyCode: "CNY", minorUnits: amount)
    return .orderReturned(
      LoyaltyV1.OrderReturned(
        order: order,
        orderReturn: LoyaltyV1.OrderReturn(
          returnID: newRequestID(),
          orderID: order.orderID,
          storeID: "S2",
          lines: [LoyaltyV1.ReturnLine(line: 0, amount: money)],
          returned: money,
          returnedAt: GoogleProtobuf.Timestamp(seconds: 1_735_000_000)
        )
      )
    )
  }

  /// Returns the member's totals, nil while the member is unknown.
  private func totals(_ members: MembersUnderTest, of member: String? = nil) async throws -> MembersV1.PurchaseTotals? {
    let request = MembersV1.GetPurchaseTotalsRequest(memberID: member ?? self.member)
    do {
      return try await members.client.getPurchaseTotals(request).totals
    } catch let error as RPCError where error.code == .notFound {
      return nil
    }
  }

  private func waitForTotals(
    _ count: Int64,
    _ members: MembersUnderTest,
    _ isAwaited: (MembersV1.PurchaseTotals) -> Bool = { _ in true }
  ) async throws -> MembersV1.PurchaseTotals {
    while true {
      if let totals = try await totals(members), totals.purchaseCount == count, isAwaited(totals) { return totals }
      try Task.checkCancellation()
    }
  }

  private func history(_ members: MembersUnderTest) async throws -> [MembersV1.Purchase] {
    try await members.client.listPurchases(MembersV1.ListPurchasesRequest(memberID: member)).purchases
  }

  @Test("records what members buy, with every line, and adds it up")
  func records() async throws {
    try await MembersUnderTest.with { members in
      members.ledger.append(posted(order(1, paid: 250)))
      members.ledger.append(.programmeUpdated(LoyaltyV1.ProgrammeUpdated()))
      members.ledger.append(posted(order(2, paid: 1_000)))
      let totals = try await waitForTotals(2, members)
      #expect(totals.spent == CommonV1.Money(currencyCode: "CNY", minorUnits: 1_250))
      #expect(totals.lastPurchaseAt == order(2).occurredAt)
      let history = try await history(members)
      #expect(history.map(\.receiptNumber) == ["R2", "R1"])
      let purchase = try #require(history.first)
      #expect(purchase.orderID == order(2).orderID)
      #expect(purchase.purchasedAt == order(2).occurredAt)
      #expect(purchase.paid == CommonV1.Money(currencyCode: "CNY", minorUnits: 1_000))
      #expect(purchase.pointsEarned == 10)
      #expect(purchase.pointsRedeemed == 50)
      #expect(purchase.lines == order(2, paid: 1_000).lines)
      #expect(purchase.reversedAt == nil)
    }
  }

  @Test("takes reversed receipts out of the totals and leaves them in the history")
  func reverses() async throws {
    try await MembersUnderTest.with { members in
      members.ledger.append(posted(order(1, paid: 250)))
      members.ledger.append(posted(order(2)))
      _ = try await waitForTotals(2, members)
      members.ledger.append(reversed(order(2)))
      let totals = try await waitForTotals(1, members)
      #expect(totals.spent?.minorUnits == 250)
      #expect(totals.lastPurchaseAt == order(1).occurredAt)
      #expect(try await history(members).map(\.reversedAt?.seconds) == [1_734_000_000, nil])
    }
  }

  @Test("follows partial returns: receipt, lines and totals show the paid, returned and remaining amounts")
  func returns() async throws {
    try await MembersUnderTest.with { members in
      // 250 were paid for a line of 300.
      members.ledger.append(posted(order(1, paid: 250)))
      members.ledger.append(posted(order(2)))
      members.ledger.append(returned(order(2), 150))
      members.ledger.append(returned(order(1, paid: 250), 100))
      let totals = try await waitForTotals(1, members) { $0.refunded?.minorUnits == 183 }
      #expect(totals.paid?.minorUnits == 350)
      #expect(totals.spent?.minorUnits == 167)
      #expect(totals.returnedPurchaseCount == 1)
      #expect(totals.lastPurchaseAt == order(1).occurredAt)
      let history = try await history(members)
      #expect(history.map(\.paid?.minorUnits) == [100, 250])
      #expect(history.map(\.refunded?.minorUnits) == [100, 83])
      #expect(history.map(\.net?.minorUnits) == [0, 167])
      #expect(history.map(\.returnedAt?.seconds) == [1_735_000_000, nil])
      #expect(history.map(\.reversedAt) == [nil, nil])
      #expect(history.map { $0.returnedLines.map(\.amount?.minorUnits) } == [[150], [100]])
      #expect(history[0].returnedLines.map(\.quantityThousandths) == [2_000])
      #expect(try await members.database.query("SELECT FROM purchase_totals_mismatch").isEmpty)
    }
  }

  @Test("counts every receipt once although the ledger is cut off again and again")
  func survivesCuts() async throws {
    try await MembersUnderTest.with { members in
      let writing = Task {
        for number in 1...200 {
          members.ledger.append(posted(order(number)))
          if number % 10 == 0 { members.ledger.append(reversed(order(number - 5))) }
          await Task.yield()
        }
      }
      for _ in 0..<5 {
        await members.ledgerServer.stop()
        try await members.ledgerServer.start()
        // Until the consumer has reconnected.
        let asked = members.ledger.cursorsAskedFor.count
        while members.ledger.cursorsAskedFor.count == asked { try await Task.sleep(for: .milliseconds(1)) }
      }
      await writing.value
      let totals = try await waitForTotals(180, members)
      #expect(totals.spent?.minorUnits == 18_000)
      #expect(try await members.count(of: "purchase") == 200)
      #expect(try await members.count(of: "purchase_line") == 200)
      #expect(try await members.database.query("SELECT FROM purchase_totals_mismatch").isEmpty)
    }
  }

  @Test("counts every receipt once although all events repeat")
  func survivesRepetition() async throws {
    try await MembersUnderTest.with { members in
      members.ledger.forgetCursors()
      for number in 1...20 { members.ledger.append(posted(order(number))) }
      members.ledger.append(reversed(order(7)))
      _ = try await waitForTotals(19, members)
      await members.ledgerServer.stop()
      members.ledger.append(posted(order(21)))
      try await members.ledgerServer.start()
      let totals = try await waitForTotals(20, members)
      #expect(totals.spent?.minorUnits == 2_000)
      #expect(try await members.count(of: "purchase") == 21)
      #expect(try await members.database.query("SELECT FROM purchase_totals_mismatch").isEmpty)
    }
  }

  @Test("continues where it stopped when the service starts again")
  func goesOn() async throws {
    try await MembersUnderTest.with { members in
      for number in 1...5 { members.ledger.append(posted(order(number))) }
      _ = try await waitForTotals(5, members)
      try await members.restart()
      members.ledger.append(posted(order(6)))
      _ = try await waitForTotals(6, members)
      #expect(members.ledger.cursorsAskedFor.first == "")
      #expect(members.ledger.cursorsAskedFor.last == "5")
    }
  }

  @Test("one member's event that cannot be recorded holds back only that member's later ones")
  func setsAside() async throws {
    try await MembersUnderTest.with { members in
      let other = UUIDv7Generator().next().text
      members.ledger.append(posted(order(1)))
      members.ledger.append(posted(LoyaltyV1.Order(orderID: "nonsense", memberID: member)))
      members.ledger.append(posted(order(2, of: other)))
      // The column's range, whatever the ledger lets through.
      members.ledger.append(posted(order(3, paid: -1_000, of: other)))
      members.ledger.append(posted(order(4)))
      members.ledger.append(posted(order(5, of: other)))
      let third = UUIDv7Generator().next().text
      members.ledger.append(posted(order(6, of: third)))
      while try await totals(members, of: third) == nil { try Task.checkCancellation() }
      #expect(try await totals(members)?.purchaseCount == 1)
      #expect(try await totals(members, of: other)?.purchaseCount == 1)
      let aside = try await members.database.query(
        "SELECT key, reason IS NOT NULL FROM event_set_aside ORDER BY number"
      ).map { try $0.decode(String.self, Bool.self) }
      #expect(aside.map(\.0) == [member, other, member, other])
      #expect(aside.map(\.1) == [true, true, false, false])
    }
  }

  @Test("shows the purchases of a member that is not registered, and nothing of an unknown one")
  func showsUnregistered() async throws {
    try await MembersUnderTest.with { members in
      #expect(try await totals(members) == nil)
      let unknown = try await refusal { try await history(members) }
      #expect(unknown.info?.reason == "MEMBER_NOT_FOUND")
      members.ledger.append(posted(order(1)))
      _ = try await waitForTotals(1, members)
      #expect(try await history(members).count == 1)
    }
  }

  @Test("shows that a registered member has bought nothing yet")
  func showsNothingBought() async throws {
    try await MembersUnderTest.with { members in
      let registered = try await members.client.registerMember(.new { $0.cardNumber = "906" }).member
      let id = try #require(registered).memberID
      #expect(try await totals(members, of: id) == MembersV1.PurchaseTotals())
      let history = try await members.client.listPurchases(MembersV1.ListPurchasesRequest(memberID: id))
      #expect(history.purchases.isEmpty)
      #expect(history.nextPageToken.isEmpty)
    }
  }

  @Test("shows a long history page by page, latest first")
  func pages() async throws {
    try await MembersUnderTest.with { members in
      for number in 1...25 { members.ledger.append(posted(order(number))) }
      _ = try await waitForTotals(25, members)
      var receipts: [String] = []
      var request = MembersV1.ListPurchasesRequest(memberID: member, pageSize: 10)
      repeat {
        let page = try await members.client.listPurchases(request)
        receipts += page.purchases.map(\.receiptNumber)
        request.pageToken = page.nextPageToken
      } while !request.pageToken.isEmpty
      #expect(receipts == (1...25).reversed().map { "R\($0)" })
    }
  }
}
