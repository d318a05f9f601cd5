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

@Suite("Numbers at the ends of 64 bits, and sums of them, never end the process and never overflow (M1)")
struct LargeNumbersTests {
  private static let extremes: [Int64] = [
    .min, .min + 1, -1_000_000_000_000, -2_000, -1, 0, 1, .max - 7, .max - 1, .max,
  ]

  private func request(_ command: LedgerCommand) -> LedgerRequest {
    LedgerRequest(id: UUID(), digest: [], member: UUID(), command: command)
  }

  @Test("every refusal has a message, whatever its numbers and whatever was asked (M19)")
  func refusals() {
    let commands: [LedgerCommand] = [
      .open, .settle(.points), .read(.points),
      .move(Movement(asset: .points, operation: .debit(.max))),
      .move(Movement(asset: AssetID(rawValue: 3), isMoney: true, operation: .withdraw(.max))),
      .transfer(Transfer(asset: .points, to: UUID(), amount: .max)),
    ]
    for command in commands {
      for one in Self.extremes {
        for other in Self.extremes {
          let refusals: [LedgerRefusal] = [
            .insufficient(available: one, needed: other), .bonusNotRefundable(refundable: one, needed: other),
            .holdTooSmall(held: one, asked: other), .moreThanSpent(spent: one, asked: other), .tooLarge,
          ]
          for refusal in refusals { #expect(!refusal.error(request(command)).message.isEmpty) }
          let needs = LedgerRefusal.insufficient(available: one, needed: other).error(request(.open))
          #expect(needs.info?.metadata["missing_points"] == "\(Int128(other) - Int128(one))")
          let misfit = BooksRefusal.misfit(.moreThanLeft(.max, left: one)).error(request(command))
          #expect(misfit.message.contains("line 2147483648"))
        }
      }
    }
  }

  @Test("instants and days end where they have a text: what is later never comes")
  func times() {
    for number in Self.extremes {
      for seconds in Self.extremes {
        let sum = Instant(rawValue: number) + Duration(secondsComponent: seconds, attosecondsComponent: 0)
        let exact = Int128(number) + Int128(seconds) * 1_000_000
        #expect(sum.rawValue == (number == .max ? .max : Int64(clamping: exact)))
      }
    }
    let days: [Int32] = [.min, -1, 0, 1, 2_932_896, .max]
    for day in days {
      for count in [0, 1, 10_000, .max] as [Int32] {
        let later = Day(rawValue: day) + count
        #expect(later == .never || later <= .last)
        for rule in [ExpiryRule.never, .days(count), .monthEnds(count), .yearEnds(count)] where day <= 2_932_896 {
          let last = rule.lastDay(earnedOn: Day(rawValue: day))
          #expect(last == .never || last <= .last)
        }
      }
    }
    #expect((Day.last + 0).text == "9999-12-31")
    #expect((Day.last + 1).text == "")
  }

  @Test("what a past holding adds up to never overflows, also where the entries before are archived (M2)")
  func pastHoldings() {
    let earned = Posting(
      type: .earn,
      from: .issued,
      to: .available,
      amount: .max,
      available: 0,
      lots: [.lot(.max, to: 9)]
    )
    let held = Posting(type: .hold, from: .available, to: .held, amount: .max, available: 0, lots: [.lot(.max, to: 8)])
    let past = PastHolding(after: [earned, earned, held, held, earned], today: .number(1))
    #expect([past.available, past.held, past.lifetimeEarned] == [.max, .max, .max])
    let spent = PastHolding(after: [held, held, held], today: .number(1))
    #expect(spent.lots == [])
  }

  /// A member who has 9 * 10^18 points, close to the most that there can be.
  private func richMember(_ loyalty: LoyaltyHarness) async throws -> (member: UUID, orders: [String]) {
    try await loyalty.changeProgramme("earn_rule") {
      $0.earnRule = .init(points: 1_000_000, perMinorUnits: 1, rounding: .down)
    }
    let member = try await loyalty.openAccount()
    var orders: [String] = []
    for _ in 0..<9 {
      orders.append(try await loyalty.client.postOrder(.sample(member, 1_000_000_000_000)).orderID)
    }
    return (member, orders)
  }

  @Test("a member near the most that there can be is read and refused like any other, and neighbours go on (M2, L13)")
  func nearTheMost() async throws {
    try await LoyaltyHarness.with { loyalty in
      let (member, orders) = try await richMember(loyalty)
      let other = try await loyalty.openAccount()
      let full = await expectReason("TOO_LARGE") {
        try await loyalty.client.postOrder(.sample(member, 1_000_000_000_000))
      }
      #expect(full?.fieldViolations.map(\.field) == ["lines"])
      // Sums over entries grow beyond 64 bits, balances do not.
      for order in orders.prefix(3) { _ = try await loyalty.client.reverseOrder(.sample(of: order)) }
      for _ in 0..<3 { _ = try await loyalty.client.postOrder(.sample(member, 1_000_000_000_000)) }
      _ = try await loyalty.client.transfer(
        .init(
          requestID: loyalty.ids.next().text,
          fromMemberID: member.text,
          toMemberID: other.text,
          amount: 1_000_000_000_000
        )
      )
      _ = try await loyalty.client.adjust(
        .init(
          requestID: loyalty.ids.next().text,
          memberID: member.text,
          amount: 1_000,
          reason: "more",
          staffID: "staff-1"
        )
      )
      let balance: Int64 = 9_000_000_000_000_000_000 - 1_000_000_000_000 + 1_000
      #expect(try await loyalty.balance(of: member).points == balance)
      let statement = try await loyalty.client.getStatement(.init(memberID: member.text))
      #expect([statement.openingBalance, statement.closingBalance] == [0, balance])
      #expect(statement.lines.first { $0.type == .earn }?.added == .max)
      #expect(try await loyalty.entries(of: member).count == 17)
      let past = try await loyalty.client.getBalance(.init(memberID: member.text, asOf: .init(date: .now)))
      #expect(past.balance?.points == balance)
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  @Test("what is too large is refused by the field of the amount: of a credit `amount`, of a receipt `lines`")
  func fields() async throws {
    try await LoyaltyHarness.with { loyalty in
      let (member, _) = try await richMember(loyalty)
      _ = try await loyalty.client.postOrder(.sample(member, 223_372_036_854))
      let error = await expectReason("TOO_LARGE") {
        try await loyalty.client.credit(
          .init(requestID: loyalty.ids.next().text, memberID: member.text, amount: 1_000_000)
        )
      }
      #expect(error?.fieldViolations.map(\.field) == ["amount"])
    }
  }

  @Test("a refusal of a member below zero says what is missing")
  func belowZero() async throws {
    try await LoyaltyHarness.with { loyalty in
      try await loyalty.changeProgramme("return_rule") {
        $0.returnRule = .init(policy: .negativeAllowed, lowestBalancePoints: -2_000, restore: .expireAtOnce)
      }
      let member = try await loyalty.openAccount()
      let order = try await loyalty.client.postOrder(.sample(member, 200_000)).orderID
      _ = try await loyalty.client.debit(
        .init(requestID: loyalty.ids.next().text, memberID: member.text, amount: 2_000)
      )
      #expect(try await loyalty.client.reverseOrder(.sample(of: order)).balancePoints == -2_000)
      let error = await expectReason("INSUFFICIENT_POINTS") {
        try await loyalty.client.debit(
          .init(requestID: loyalty.ids.next().text, memberID: member.text, amount: 1_000_000_000_000)
        )
      }
      #expect(error?.info?.metadata["missing_points"] == "1000000002000")
    }
  }

  @Test("what is carried for an archived month may be more than 64 bits take (M2)")
  func archives() async throws {
    try await PartitionedLedger.with { ledger in
      let november = PartitionedLedger.november
      try await ledger.partitioner().prepare()
      try await ledger.earnAndSpend(.max, times: 3, at: november)
      try await ledger.seal()
      let later = ledger.partitioner(
        at: Instant(rawValue: november.rawValue + 100 * 86_400_000_000),
        retentionMonths: 1
      )
      try await later.prepare()
      try await later.archive()
      let rows = try await ledger.database.query(
        "SELECT entry_type, sum(amount)::text, sum(entry_count)::bigint, max(part) FROM ledger_carried GROUP BY 1 ORDER BY 1"
      ).decode(PostingType.self, String.self, Int64.self, Int16.self)
      let total = "\(3 * Int128(Int64.max))"
      #expect(rows.map(\.0) == [.earn, .redeem])
      #expect(rows.map(\.1) == [total, total])
      #expect(rows.map(\.2) == [3, 3])
      #expect(rows.map(\.3) == [6, 6])
      #expect(try await ledger.database.query("SELECT FROM account_mismatch").isEmpty)
    }
  }

  @Test("an account that does not add up is refused alone, by reads and by writes; its neighbours go on")
  func unsound() async throws {
    try await LoyaltyHarness.with { loyalty in
      let (member, neighbour) = (try await loyalty.openAccount(points: 100), try await loyalty.openAccount(points: 100))
      @Sendable func credit(_ member: UUID) -> LoyaltyV1.CreditRequest {
        .init(requestID: loyalty.ids.next().text, memberID: member.text, amount: 1)
      }
      for change in [
        "lots = ARRAY[9223372036854775807, 100]", "lots = ARRAY[1, 100, 1]", "lots = ARRAY[20000, 50, 19999, 50]",
        "lots = ARRAY[20000, 101]", "lots = '{}'", "holds = ARRAY[1, 2, 3, 9000]",
      ] {
        let saved = try await loyalty.database.query("SELECT lots FROM ledger_account WHERE member_id = \(member)")[0]
          .decode(column: 0, as: [Int64].self)
        _ = try await loyalty.database.execute("UPDATE ledger_account SET \(raw: change) WHERE member_id = \(member)")
        let codes = try await atOnce(20) { number -> Bool in
          do {
            _ = try await loyalty.client.credit(credit(number == 7 ? member : neighbour))
            return true
          } catch is RPCError { return false }
        }
        #expect(codes.indices.filter { !codes[$0] } == [7], "\(change)")
        await #expect(throws: RPCError.self, "\(change)") { try await loyalty.balance(of: member) }
        await #expect(throws: RPCError.self, "\(change)") {
          try await loyalty.client.getStatement(.init(memberID: member.text))
        }
        _ = try await loyalty.database.execute(
          "UPDATE ledger_account SET lots = \(saved), holds = NULL WHERE member_id = \(member)"
        )
      }
      _ = try await loyalty.client.credit(credit(member))
      #expect(try await loyalty.bookProblems() == [])
    }
  }
}

extension PartitionedLedger {
  /// Gives a member an amount and has it spent, a number of times, under ids of a date.
  fileprivate func earnAndSpend(_ amount: Int64, times: Int, at now: Instant) async throws {
    try await ProgrammeStore(database: database).createIfMissing(.first(currency: "CNY", now: .now))
    let ids = UUIDv7Generator(clock: .fixed(unixMicroseconds: now.rawValue))
    let time = LedgerTime(now: now, today: Day(rawValue: Int32(now.rawValue / 86_400_000_000)))
    let member = UUID()
    var account = AccountRecord.new(at: now)
    for round in 0..<2 * times {
      // Far below what all that was ever earned may be: returns take it back in the programme.
      account.holding.lifetimeEarned = 0
      account.holding.lifetimeSpent = 0
      var books = Books(
        BookSnapshot(
          programme: .first(currency: "CNY", now: .now),
          accounts: [AccountKey(member: member, asset: .points): account]
        ),
        at: time
      )
      let operation: Movement.Operation =
        round.isMultiple(of: 2) ? .credit(amount, expiresOn: .never, activates: nil) : .debit(amount)
      _ = try books.apply(
        LedgerRequest(
          id: ids.next(),
          digest: Array(repeating: 7, count: 32),
          member: member,
          command: .move(Movement(asset: .points, operation: operation))
        )
      )
      _ = try await LedgerStore(database: database).write(books.changes, programmeVersion: 1, now: now)
      account = books.changes.accounts[0].record
      account.version += 1
    }
  }
}
