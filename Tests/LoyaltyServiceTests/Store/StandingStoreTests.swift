import Basics
import FollowedMembers
import Foundation
import LoyaltyProto
import LoyaltyTestSupport
import Postgres
import ServiceKit
import Testing

@testable import LoyaltyService

@Suite("Members' standings beside the batches")
struct StandingStoreTests {
  private let store = StandingStore()
  private let now = Instant(rawValue: 1_700_000_000_000_000)

  private func record(_ news: [MemberNews], _ loyalty: LoyaltyHarness) async throws {
    try await loyalty.database.transaction { transaction in
      // Who waits in a circle is found here first, and then this throws.
      try await transaction.execute("SET LOCAL deadlock_timeout = '20ms'")
      try await store.record(news, at: now, in: transaction)
    }
  }

  private func version(of member: UUID, _ loyalty: LoyaltyHarness) async throws -> Int64 {
    try await loyalty.database.query("SELECT version FROM ledger_account WHERE member_id = \(member)")[0]
      .decode(column: 0)
  }

  @Test("of what is heard twice, or says nothing new, nothing is written; of a run the latest counts")
  func repeats() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = UUID()
      try await record([MemberNews(member: member, standing: .active)], loyalty)
      #expect(try await version(of: member, loyalty) == 1)
      try await record([MemberNews(member: member, standing: .active)], loyalty)
      #expect(try await version(of: member, loyalty) == 1)
      try await record([.active, .suspended].map { MemberNews(member: member, standing: $0) }, loyalty)
      try await record([MemberNews(member: member, standing: .suspended)], loyalty)
      #expect(try await version(of: member, loyalty) == 2)
      try await record([.active, .suspended].map { MemberNews(member: member, standing: $0) }, loyalty)
      #expect(try await version(of: member, loyalty) == 2)
    }
  }

  @Test("a batch that was decided by the standing before is decided again")
  func staleBatch() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount(points: 100)
      let request = LedgerRequest(
        id: loyalty.ids.next(),
        digest: [UInt8](repeating: 1, count: 32),
        member: member,
        command: .move(Movement(asset: .points, operation: .debit(10)))
      )
      let ledger = LedgerStore(database: loyalty.database)
      let time = LedgerTime(now: now, today: Day(rawValue: 1))
      var books = Books(try await ledger.read([request]), at: time)
      _ = try books.apply(request)

      try await record([MemberNews(member: member, standing: .suspended)], loyalty)
      do {
        _ = try await ledger.write(books.changes, programmeVersion: books.programme.version, now: now)
        Issue.record("the batch was written")
      } catch let error as PostgresError {
        #expect(error.sqlState == .serializationFailure)
      }
      var again = Books(try await ledger.read([request]), at: time)
      #expect(throws: BooksRefusal.memberSuspended(member: member, .spending)) { try again.apply(request) }
    }
  }

  @Test(
    "batches that open accounts and write to them, and what is heard of the same members, never wait for each other"
  )
  func noDeadlock() async throws {
    try await LoyaltyHarness.with { loyalty in
      let members = (0..<40).map { _ in UUID() }
      _ = try await atOnce(8) { number in
        for turn in 0..<10 {
          let some = members.shuffled()
          if number < 2 {
            let standing = MemberStanding.allCases[(turn + number) % 2]
            try await record(some.map { MemberNews(member: $0, standing: standing) }, loyalty)
          } else {
            _ = try await atOnce(some.count) { place in
              try await loyalty.client.openAccount(
                .init(requestID: loyalty.ids.next().text, memberID: some[place].text)
              )
            }
          }
        }
      }
      #expect(try await loyalty.bookProblems() == [])
    }
  }
}
