import Basics
import Foundation
import LoyaltyProto
import LoyaltyService
import LoyaltyTestSupport
import Postgres
import PostgresTestSupport
import SeededRandomness
import ServiceKit

@testable import LedgerAudit

/// A real loyalty service whose ledger is audited. It seals nothing by itself.
struct AuditedLedger: Sendable {
  let client: LoyaltyV1.LoyaltyServiceClient
  let database: Database
  private let ids = UUIDv7Generator()

  /// Runs a test against a fresh service.
  static func with(_ body: (AuditedLedger) async throws -> Void) async throws {
    try await TestDatabase.with(configure: { $0.session.searchPath = [LoyaltyService.name] }) { database in
      let kit = ServiceResources.forTesting(service: LoyaltyService.name, database: database)
      try await migrate(database, LoyaltyService.self)
      var settings = LoyaltySettings()
      settings.seals.interval = .seconds(86_400)
      let parts = try await LoyaltyService.assemble(kit, settings)
      try await serving(parts, as: LoyaltyService.self) { channel in
        try await body(AuditedLedger(client: LoyaltyV1.LoyaltyServiceClient(channel), database: database))
      }
    }
  }

  /// Audits the ledger.
  func audit(chain: Bool = false, roots: [String] = [], asOf: Int64? = nil) async throws -> AuditReport {
    try await LedgerAudit(checksChain: chain, knownRoots: roots, asOf: asOf).run(on: database, terminal: nil)
  }

  /// Executes statements that the tables refuse, after removing all protection.
  ///
  /// The service's own jobs use the same tables, so locking all of them may fail with a deadlock.
  func tamper(_ statements: String) async throws {
    for _ in 0..<20 {
      do {
        return try await database.transaction { try await $0.executeScript(Self.unprotect + statements) }
      } catch let error as PostgresError where error.sqlState == .deadlockDetected {
        continue
      }
    }
    try await database.transaction { try await $0.executeScript(Self.unprotect + statements) }
  }

  /// Removes everything that a superuser can: triggers, checks, keys.
  static let unprotect = """
    DO $$
    DECLARE found record;
    BEGIN
      FOR found IN SELECT DISTINCT tgrelid::regclass AS name FROM pg_trigger
        WHERE NOT tgisinternal AND tgenabled <> 'D'
      LOOP
        EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', found.name);
      END LOOP;
      FOR found IN SELECT conrelid::regclass AS name, conname FROM pg_constraint
        WHERE connamespace = current_schema()::regnamespace AND contype IN ('c', 'f', 'p', 'u') AND coninhcount = 0
          AND conrelid <> 0
        ORDER BY contype
      LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', found.name, found.conname);
      END LOOP;
    END
    $$;

    """

  /// Opens an account.
  func open() async throws -> UUID {
    let member = UUID()
    _ = try await client.openAccount(.init(requestID: ids.next().text, memberID: member.text))
    return member
  }

  /// Posts a receipt that earns `points`.
  @discardableResult
  func post(_ member: UUID, points: Int64, redeeming: Int64 = 0, store: String = "store-1") async throws -> String {
    var request = LoyaltyV1.PostOrderRequest.sample(member, points * 100 + redeeming)
    request.storeID = store
    request.pointsToRedeem = redeeming
    return try await client.postOrder(request).orderID
  }

  /// Returns goods of two receipts, of one before it was posted.
  private func bringBack(_ member: UUID) async throws {
    let sale = LoyaltyV1.PostOrderRequest.sample(member, 1_000, 2_000)
    var back = LoyaltyV1.PostReturnRequest(
      requestID: ids.next().text,
      memberID: member.text,
      key: .receipt(.init(storeID: sale.storeID, receiptNumber: sale.receiptNumber)),
      storeID: "store-9",
      lines: [.init(line: 1)],
      reason: "wrong colour"
    )
    _ = try await client.postReturn(back)
    _ = try await client.postOrder(sale)
    back.requestID = ids.next().text
    back.lines = []
    _ = try await client.postReturn(back)
  }

  /// Pays money in with a bonus, pays with some of both, transfers some, and pays some out.
  private func storeValue(_ member: UUID) async throws {
    let (asset, other) = ("stored_cny", try await open())
    _ = try await client.deposit(
      .init(
        requestID: ids.next().text,
        memberID: member.text,
        asset: asset,
        amount: 1_000,
        bonusAmount: 300,
        bonusExpiresOn: "2098-12-31"
      )
    )
    _ = try await client.debit(.init(requestID: ids.next().text, memberID: member.text, asset: asset, amount: 120))
    _ = try await client.transfer(
      .init(
        requestID: ids.next().text,
        fromMemberID: member.text,
        toMemberID: other.text,
        asset: asset,
        amount: 200
      )
    )
    _ = try await client.hold(.init(requestID: ids.next().text, memberID: other.text, asset: asset, amount: 190))
    _ = try await client.withdraw(
      .init(requestID: ids.next().text, memberID: member.text, asset: asset, amount: 400)
    )
  }

  /// Fills the ledger with every kind of entry.
  func fill(_ random: SeededRandom = SeededRandom(seed: 1)) async throws {
    for number in 0..<3 {
      let member = try await open()
      try await post(member, points: 250, store: "store-\(number)")
      let order = try await post(member, points: 50, redeeming: 200)
      try await post(member, points: 7)
      _ = try await client.reverseOrder(.sample(of: order))
      let reserved = LoyaltyV1.PostOrderRequest.sample(member, 5_000).with(discount: 1_000, reservation: UUID())
      _ = try await client.postOrder(reserved)
      try await bringBack(member)
      try await storeValue(member)
    }
    var story = LedgerStory(on: database, random: random)
    try await story.play(60)
  }
}

extension AuditReport {
  /// The names of the violated rules.
  var brokenRules: [String] { broken.map(\.rule.name) }

  /// Returns the audit's first finding against a rule.
  func finding(_ rule: String) -> String? { broken.first { $0.rule.name == rule }?.firstFinding }
}
