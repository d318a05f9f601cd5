import Basics
import Foundation
import LoyaltyProto
import LoyaltyTestSupport
import Messages
import Postgres
import RPC
import ServiceKit
import Testing

@testable import LoyaltyService

@Suite("All members' entries, read after a cursor (M10)")
struct ReadLedgerTests {
  /// What a reader got, and where it stands.
  private struct Reading {
    var entries: [LoyaltyV1.LedgerEntry] = []
    var cursor = ""
    var pageSizes: [Int] = []

    /// Reads on, page by page, until there are no more entries.
    mutating func readOn(_ loyalty: LoyaltyHarness, pageSize: Int32 = 0) async throws {
      var more = true
      while more {
        let page = try await loyalty.client.readLedger(.init(cursor: cursor, pageSize: pageSize))
        entries += page.entries
        pageSizes.append(page.entries.count)
        cursor = page.cursor
        more = page.more
      }
    }

    /// The entries of each lane, as they came.
    var lanes: [Int32: [LoyaltyV1.LedgerEntry]] { Dictionary(grouping: entries, by: \.lane) }
  }

  /// Some members who earn, spend, hold, pay in and give to each other; each has entries of several assets.
  private func members(_ loyalty: LoyaltyHarness) async throws -> [UUID] {
    let members = try await atOnce(12) { _ in
      let member = try await loyalty.openAccount(points: 100)
      _ = try await loyalty.client.credit(
        .init(requestID: loyalty.ids.next().text, memberID: member.text, amount: 50, expiresOn: "2098-12-31")
      )
      _ = try await loyalty.client.debit(
        .init(requestID: loyalty.ids.next().text, memberID: member.text, amount: 60)
      )
      _ = try await loyalty.client.hold(
        .init(requestID: loyalty.ids.next().text, memberID: member.text, amount: 20)
      )
      _ = try await loyalty.client.deposit(
        .init(
          requestID: loyalty.ids.next().text,
          memberID: member.text,
          asset: "stored_cny",
          amount: 5_000,
          bonusAmount: 500
        )
      )
      return member
    }
    for (from, to) in zip(members, members.dropFirst()) {
      _ = try await loyalty.client.transfer(
        .init(requestID: loyalty.ids.next().text, fromMemberID: from.text, toMemberID: to.text, amount: 7)
      )
    }
    return members
  }

  @Test(
    "pages of any size give every entry once, by sequence, and each is what ListEntries says (M10)",
    arguments: [1, 7, 500] as [Int32]
  )
  func pages(size: Int32) async throws {
    try await LoyaltyHarness.with { loyalty in
      let members = try await members(loyalty)
      var reading = Reading()
      try await reading.readOn(loyalty, pageSize: size)
      #expect(reading.pageSizes.dropLast().allSatisfy { $0 == Int(size) })
      let places = reading.entries.map { [$0.sequence, Int64($0.lane)] }
      #expect(zip(places, places.dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) })

      for member in members {
        let read = reading.entries.filter { $0.memberID == member.text }.sorted { $0.sequence > $1.sequence }
        let listed = try await loyalty.entries(of: member)
        #expect(read.allSatisfy { $0.lane == Int32(Lane(member: member).number) })
        #expect(read.map { "\($0.requestID)/\($0.posting)" } == listed.map(\.entryID))
        #expect(read.map(\.type) == listed.map(\.type))
        #expect(read.map(\.asset) == listed.map(\.asset))
        #expect(read.map(\.amount) == listed.map { abs($0.points) })
        #expect(read.map(\.available) == listed.map(\.balancePoints))
        #expect(read.map(\.lots) == listed.map(\.lots))
        #expect(read.map(\.referenceID) == listed.map(\.referenceID))
        #expect(read.map(\.recordedAt) == listed.map(\.recordedAt))
      }
      #expect(Set(reading.entries.map(\.memberID)) == Set(members.map(\.text)))
    }
  }

  @Test("what is read adds up to what members have, and all accounts of an asset to zero (M2, M10)")
  func sums() async throws {
    try await LoyaltyHarness.with { loyalty in
      let members = try await members(loyalty)
      var reading = Reading()
      try await reading.readOn(loyalty)
      for asset in ["points", "stored_cny"] {
        var accounts: [LoyaltyV1.LedgerAccount: Int64] = [:]
        for entry in reading.entries where entry.asset == asset {
          accounts[entry.fromAccount, default: 0] -= entry.amount
          accounts[entry.toAccount, default: 0] += entry.amount
        }
        var available: Int64 = 0
        var held: Int64 = 0
        for member in members {
          let balance = try await loyalty.client.getBalance(.init(memberID: member.text, asset: asset)).balance
          available += balance?.points ?? 0
          held += balance?.held ?? 0
        }
        #expect(available > 0)
        #expect(accounts[.available] == available)
        #expect(accounts[.held, default: 0] == held)
        #expect(accounts[.transfer, default: 0] == 0)
        #expect(accounts.values.reduce(0, +) == 0)
      }
    }
  }

  @Test("who asks again with the last cursor gets what came since, and nothing else (M10)")
  func polling() async throws {
    try await LoyaltyHarness.with { loyalty in
      var reading = Reading()
      try await reading.readOn(loyalty)
      #expect(reading.entries == [])
      #expect(!reading.cursor.isEmpty)

      let members = [try await loyalty.openAccount(), try await loyalty.openAccount()]
      try await reading.readOn(loyalty)
      #expect(reading.entries == [], "an account that is opened moves nothing")
      for count in 1...6 {
        let credit = LoyaltyV1.CreditRequest(
          requestID: loyalty.ids.next().text,
          memberID: members[count % 2].text,
          amount: Int64(count)
        )
        _ = try await loyalty.client.credit(credit)
        try await reading.readOn(loyalty)
        #expect(reading.entries.count == count)
        #expect(reading.entries.last?.requestID == credit.requestID)
        #expect(reading.entries.last?.fromAccount == .issued)
        #expect(reading.entries.last?.toAccount == .available)
        try await reading.readOn(loyalty)
        #expect(reading.entries.count == count)
      }
    }
  }

  @Test("a reader misses nothing and sees nothing twice while many write (M10)", arguments: [3, 500] as [Int32])
  func underWay(pageSize: Int32) async throws {
    try await LoyaltyHarness.with { loyalty in
      async let writing = atOnce(40) { _ in
        let member = try await loyalty.openAccount()
        var requests: [String] = []
        for amount in 1...20 {
          let id = loyalty.ids.next().text
          _ = try await loyalty.client.credit(.init(requestID: id, memberID: member.text, amount: Int64(amount)))
          requests.append(id)
        }
        return requests
      }
      var reading = Reading()
      for _ in 0..<100 { try await reading.readOn(loyalty, pageSize: pageSize) }
      let written = try await writing.flatMap { $0 }
      try await reading.readOn(loyalty, pageSize: pageSize)
      #expect(reading.entries.count == written.count)
      #expect(Set(reading.entries.map(\.requestID)) == Set(written))
      for (lane, entries) in reading.lanes {
        #expect(zip(entries, entries.dropFirst()).allSatisfy { $0.sequence < $1.sequence }, "lane \(lane)")
      }
    }
  }

  @Test("a cursor that was made up or is another list's is refused, and so is a negative page size (M10)")
  func refusals() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount(points: 1)
      _ = try await loyalty.client.postOrder(.sample(member, 100))
      await expectReason("OUT_OF_RANGE") { try await loyalty.client.readLedger(.init(pageSize: -1)) }
      await expectReason("PAGE_TOKEN_INVALID") { try await loyalty.client.readLedger(.init(cursor: "made up")) }
      let listed = try await loyalty.client.listEntries(.init(memberID: member.text, pageSize: 1))
      #expect(!listed.nextPageToken.isEmpty)
      await expectReason("PAGE_TOKEN_INVALID") {
        try await loyalty.client.readLedger(.init(cursor: listed.nextPageToken))
      }
    }
  }

  @Test("who had not read a month to its end when it was archived is refused; who had, or begins anew, reads on (M10)")
  func archived() async throws {
    try await LoyaltyHarness.with { loyalty in
      let ledger = PartitionedLedger(database: loyalty.database)
      let now = Instant(.now)
      try await ledger.partitioner(at: now + -70).prepare()
      try await ledger.enter(20, dated: now + -70, recorded: now + -70)
      let member = try await loyalty.openAccount(points: 10)
      let behind = try await loyalty.client.readLedger(.init(pageSize: 5))
      var reading = Reading()
      try await reading.readOn(loyalty)
      #expect(reading.entries.count == 21)

      try await ledger.seal()
      try await ledger.partitioner(at: now, retentionMonths: 1).archive()
      let refusal = await expectReason("ENTRIES_ARCHIVED") {
        try await loyalty.client.readLedger(.init(cursor: behind.cursor))
      }
      #expect(refusal?.code == .failedPrecondition)
      var anew = Reading()
      try await anew.readOn(loyalty)
      #expect(anew.entries.map(\.memberID) == [member.text])

      _ = try await loyalty.client.credit(.init(requestID: loyalty.ids.next().text, memberID: member.text, amount: 1))
      try await reading.readOn(loyalty)
      try await anew.readOn(loyalty)
      #expect(reading.entries.count == 22)
      #expect(anew.entries.count == 2)
    }
  }

  @Test("who begins after a month was archived is not held up by entries of it that were recorded late (M10)")
  func archivedBefore() async throws {
    try await LoyaltyHarness.with { loyalty in
      let ledger = PartitionedLedger(database: loyalty.database)
      let now = Instant(.now)
      try await ledger.partitioner(at: now + -70).prepare()
      try await ledger.enter(5, dated: now + -70, recorded: now + -70)
      try await ledger.enter(4, dated: now + -10, recorded: now + -10)
      try await ledger.enter(3, dated: now + -70, recorded: now + -5)
      try await ledger.enter(2, dated: now + -4, recorded: now + -4)
      try await ledger.seal()
      try await ledger.partitioner(at: now, retentionMonths: 1).archive()
      var reading = Reading()
      try await reading.readOn(loyalty, pageSize: 1)
      #expect(reading.entries.count == 6)
    }
  }
}
