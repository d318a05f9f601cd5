import Basics
import Foundation
import Logging
import LoyaltyProto
import LoyaltyTestSupport
import Postgres
import RPC
import ServiceKit
import Testing

@testable import LoyaltyService

@Suite("The ledger under database trouble")
struct LedgerTroubleTests {
  /// Has every batch fail with a code, and counts how often one is tried.
  private func breakWrites(_ loyalty: LoyaltyHarness, _ state: String) async throws {
    try await loyalty.database.execute("CREATE SEQUENCE tries")
    try await loyalty.database.execute(
      """
      CREATE FUNCTION break_writes() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM nextval('tries');
        RAISE EXCEPTION 'a member''s secret' USING ERRCODE = TG_ARGV[0];
      END $$
      """
    )
    let trigger = "CREATE TRIGGER broken BEFORE INSERT ON ledger_entry EXECUTE FUNCTION break_writes('\(state)')"
    try await loyalty.database.execute(SQL(raw: trigger))
  }

  private func mend(_ loyalty: LoyaltyHarness) async throws -> Int64 {
    try await loyalty.database.execute("DROP TRIGGER broken ON ledger_entry")
    return try await loyalty.database.query("SELECT nextval('tries') - 1")[0].decode(column: 0)
  }

  /// What becomes of twenty credits of one batch.
  private func outcomes(_ loyalty: LoyaltyHarness, _ member: UUID, _ logs: LogCollector) async throws
    -> [LedgerFailure?]
  {
    let engine = LedgerEngine.sample(loyalty, logger: logs.logger)
    return try await engine.submitted(20) { _ in
      do {
        _ = try await engine.submit(.credit(1, to: member, loyalty.ids))
        return nil
      } catch let failure as LedgerFailure {
        return failure
      }
    }
  }

  @Test(
    "what is no row's fault fails the whole batch at once, as something to try again, and is logged once",
    arguments: [
      "08006", "25006", "42501", "42P01", "53100", "53200", "53400", "54000", "55P03", "57014", "57P01", "58030",
      "P0001", "XX000",
    ]
  )
  func wholeBatch(state: String) async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      try await breakWrites(loyalty, state)
      let logs = LogCollector()
      #expect(try await outcomes(loyalty, member, logs) == Array(repeating: .unavailable, count: 20))
      #expect(try await mend(loyalty) == 1)
      let records = logs.records(with: "requests")
      #expect(records.count == 1)
      let record = try #require(records.first)
      #expect(record.fields["requests"] == "20")
      #expect(record.fields["error"]?.contains(state) == true)
      #expect(!record.description.contains("secret"))
      #expect(try await loyalty.balance(of: member).points == 0)
    }
  }

  @Test("a conflict that does not end fails the whole batch, after its attempts")
  func conflict() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      try await breakWrites(loyalty, "40001")
      #expect(try await outcomes(loyalty, member, LogCollector()) == Array(repeating: .conflict, count: 20))
      #expect(try await mend(loyalty) == 50)
    }
  }

  @Test("what a row is to blame for is divided until the row is alone, and logged", arguments: ["22003", "23514"])
  func row(state: String) async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      try await breakWrites(loyalty, state)
      let trigger = """
        CREATE OR REPLACE TRIGGER broken BEFORE INSERT ON ledger_entry FOR EACH ROW WHEN (NEW.amount = 13)
        EXECUTE FUNCTION break_writes('\(state)')
        """
      try await loyalty.database.execute(SQL(raw: trigger))
      let logs = LogCollector()
      let engine = LedgerEngine.sample(loyalty, logger: logs.logger)
      let requests = (0..<20).map { LedgerRequest.credit($0 == 7 ? 13 : 1, to: member, loyalty.ids) }
      let failures = try await engine.submitted(20) { index in
        do {
          _ = try await engine.submit(requests[index])
          return false
        } catch LedgerFailure.broken {
          return true
        }
      }
      #expect(failures.indices.filter { failures[$0] } == [7])
      #expect(try await mend(loyalty) < 8)
      let records = logs.records(with: "requests")
      #expect(records.count == 1)
      #expect(records.first?.level == .error)
      #expect(records.first?.fields["error"]?.contains(state) == true)
      #expect(try await loyalty.balance(of: member).points == 19)
    }
  }

  @Test("callers are asked to send the same request again, by every call there is, and then it is done once")
  func callers() async throws {
    try await LoyaltyHarness.with { loyalty in
      let member = try await loyalty.openAccount()
      let credit = LoyaltyV1.CreditRequest(requestID: loyalty.ids.next().text, memberID: member.text, amount: 5)
      let orders = [LoyaltyV1.PostOrderRequest.sample(member, 1_000)]
      try await breakWrites(loyalty, "53100")

      let error = await expectReason("DATABASE_UNAVAILABLE") { try await loyalty.client.credit(credit) }
      #expect(error?.code == .unavailable)
      #expect(error?.info?.domain == "loyalty.patron")
      let retries = error?.details.contains { if case .retryInfo = $0 { true } else { false } }
      #expect(retries == true)
      #expect(try await refusals(loyalty, orders) == ["DATABASE_UNAVAILABLE"])
      #expect(try await streamed(loyalty, credit) == "DATABASE_UNAVAILABLE")

      _ = try await mend(loyalty)
      _ = try await loyalty.client.credit(credit)
      #expect(try await streamed(loyalty, credit) == nil)
      #expect(try await refusals(loyalty, orders) == [])
      #expect(try await loyalty.balance(of: member).points == 15)
      #expect(try await loyalty.bookProblems() == [])
    }
  }

  private func refusals(_ loyalty: LoyaltyHarness, _ orders: [LoyaltyV1.PostOrderRequest]) async throws -> [String] {
    try await loyalty.client.postOrders(.init(orders: orders)).outcomes.compactMap { outcome in
      if case .refused(let refusal) = outcome.result { refusal.reason } else { nil }
    }
  }

  /// Why a credit on a stream was refused; nil if it was not.
  private func streamed(_ loyalty: LoyaltyHarness, _ credit: LoyaltyV1.CreditRequest) async throws -> String? {
    let call = try await loyalty.client.streamMovements()
    try await call.send(.init(movements: [.init(number: 1, action: .credit(credit))]))
    call.finishSending()
    var outcomes: [LoyaltyV1.MovementOutcome] = []
    for try await response in call.responses { outcomes += response.outcomes }
    guard case .refused(let refusal) = outcomes.first?.result else { return nil }
    return refusal.reason
  }
}
