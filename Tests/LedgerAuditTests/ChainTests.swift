import Basics
import Foundation
import Postgres
import ServiceKit
import Testing

@testable import LedgerAudit

@Suite("The chain of seals (M17)")
struct ChainTests {
  /// Seals a filled ledger, changes it manually, and audits it.
  private func audit(after statements: String, roots: [String] = []) async throws -> AuditReport {
    var report: AuditReport?
    try await AuditedLedger.with { ledger in
      try await ledger.fill()
      try await Sealing.seal(ledger.database)
      #expect(try await ledger.audit(chain: true).brokenRules == [])
      try await ledger.tamper(statements)
      report = try await ledger.audit(chain: true, roots: roots)
    }
    return try #require(report)
  }

  /// The entry of one order.
  private static let one =
    "WHERE request_id = (SELECT order_id FROM orders WHERE points_earned = 250 ORDER BY lane LIMIT 1)"

  /// Parses a finding: how many entries a seal covers, and how many there are.
  private func counts(_ finding: String?) throws -> (sealed: Int, there: Int) {
    let match = try #require(finding?.firstMatch(of: /([0-9]+) entries were sealed, ([0-9]+) are there/))
    return (try #require(Int(match.1)), try #require(Int(match.2)))
  }

  @Test(
    "an entry changed by hand is found, whichever column it is (M17)",
    arguments: [
      "amount = amount + 1", "available = available + 1", "entry_type = 12", "from_account = 7", "to_account = 7",
      "asset = 2", "reference = gen_random_uuid()", "lots = ARRAY[1, 2]", "lots = NULL", "digest = sha256('')",
      "answer = 'x'", "member_id = gen_random_uuid()", "request_id = gen_random_uuid()", "posting = posting + 1",
      "sequence = sequence - 1", "follows = gen_random_uuid()",
    ]
  )
  func changed(_ change: String) async throws {
    let report = try await audit(
      after: "UPDATE ledger_entry SET \(change) \(Self.one);"
    )
    #expect(report.brokenRules.contains("chain.seal"))
    #expect(report.finding("chain.seal")?.hasPrefix("lane ") == true)
    #expect(report.finding("chain.seal")?.contains("sequences after ") == true)
  }

  @Test("an entry that was removed is found, with how many are missing where (M17)")
  func removed() async throws {
    let report = try await audit(after: "DELETE FROM ledger_entry \(Self.one);")
    let counts = try counts(report.finding("chain.seal"))
    #expect(counts.there == counts.sealed - 1)
  }

  @Test("an entry that was added later with an old sequence is found (M17)", arguments: ["sequence - 1", "-5"])
  func inserted(_ sequence: String) async throws {
    let report = try await audit(
      after: """
        INSERT INTO ledger_entry
        SELECT lane, member_id, gen_random_uuid(), posting, entry_type, asset, from_account, to_account, amount, available,
          \(sequence), reference, lots, digest, answer FROM ledger_entry \(Self.one);
        """
    )
    let counts = try counts(report.finding("chain.seal"))
    #expect(counts.there == counts.sealed + 1)
  }

  @Test("an entry that was moved to another lane is found in both (M17)")
  func moved() async throws {
    let report = try await audit(after: "UPDATE ledger_entry SET lane = (lane + 1) % 64 \(Self.one);")
    let outcome = try #require(report.broken.first { $0.rule.name == "chain.seal" })
    #expect(outcome.brokenCount >= 1)
  }

  @Test("a seal of before histories were covered still proves its entries, and only before those that cover them (M17)")
  func earlierSeal() async throws {
    let earlier = """
      UPDATE ledger_seal AS seal SET covers = 1, hash = (
        SELECT sha256(record_send(ROW(seal.lane, seal.previous_sequence, seal.last_sequence, seal.entry_count,
            seal.sealed_at, ''::bytea))
          || string_agg(record_send(ROW(lane, member_id, request_id, posting, entry_type, asset, from_account, to_account,
            amount, available, sequence, reference, lots, digest, answer)), ''::bytea
            ORDER BY sequence, member_id, request_id, posting))
        FROM ledger_entry AS entry
        WHERE entry.lane = seal.lane AND sequence > previous_sequence AND sequence <= last_sequence)
      """
    let first = try await audit(
      after: earlier + " WHERE lane IN (SELECT lane FROM ledger_seal GROUP BY lane HAVING count(*) = 1);"
    )
    #expect(Set(first.brokenRules).isDisjoint(with: ["chain.seal", "chain.order"]))
    let later = try await audit(
      after: """
        UPDATE ledger_seal SET covers = 1 WHERE (lane, last_sequence) = (
          SELECT lane, max(last_sequence) FROM ledger_seal GROUP BY lane HAVING count(*) > 1 LIMIT 1);
        """
    )
    #expect(later.brokenRules.contains("chain.order"))
  }

  @Test(
    "a seal that was changed is found (M17)",
    arguments: [
      "hash = sha256('')", "entry_count = entry_count + 1", "sealed_at = sealed_at + 1",
      "last_sequence = last_sequence - 1", "previous_sequence = previous_sequence - 1", "covers = 1",
    ]
  )
  func changedSeal(_ change: String) async throws {
    let report = try await audit(
      after: """
        UPDATE ledger_seal SET \(change) WHERE (lane, last_sequence) = (
          SELECT lane, max(last_sequence) FROM ledger_seal GROUP BY lane HAVING count(*) > 1 LIMIT 1);
        """
    )
    #expect(!Set(report.brokenRules).isDisjoint(with: ["chain.seal", "chain.order"]))
  }

  @Test("a seal that was removed from the middle is found (M17)")
  func removedSeal() async throws {
    let report = try await audit(
      after: """
        DELETE FROM ledger_seal WHERE (lane, last_sequence) = (
          SELECT lane, min(last_sequence) FROM ledger_seal GROUP BY lane HAVING count(*) > 1 LIMIT 1);
        """
    )
    #expect(report.brokenRules.contains("chain.order"))
    #expect(report.finding("chain.order")?.contains("there is none") == true)
  }

  @Test("seals that were removed from the end are found, by the day's root and because their entries are open (M17)")
  func removedLastSeals() async throws {
    let report = try await audit(after: "DELETE FROM ledger_seal WHERE lane = (SELECT min(lane) FROM ledger_seal);")
    #expect(report.brokenRules.contains("chain.root"))
    #expect(report.finding("chain.root")?.contains("is missing") == true)

    let withoutRoot = try await audit(after: "DELETE FROM ledger_seal; DELETE FROM ledger_root;")
    #expect(withoutRoot.brokenRules.contains("chain.open"))
  }

  @Test("a chain that was made anew over changed entries is found by a root stored elsewhere (M17)")
  func remade() async throws {
    try await AuditedLedger.with { ledger in
      try await ledger.fill()
      try await Sealing.seal(ledger.database)
      let kept = try #require(try await ledger.audit(chain: true).root)
      #expect(try await ledger.audit(chain: true, roots: [kept.uppercased()]).brokenRules == [])
      try await ledger.tamper(
        """
        UPDATE ledger_entry SET answer = 'x' WHERE sequence = (SELECT min(sequence) FROM ledger_entry);
        DELETE FROM ledger_seal; DELETE FROM ledger_root;
        """
      )
      try await Sealing.seal(ledger.database)
      #expect(try await ledger.audit(chain: true).brokenRules == [])
      let report = try await ledger.audit(chain: true, roots: [kept])
      #expect(report.brokenRules == ["chain.known"])
      #expect(report.finding("chain.known")?.contains(kept) == true)
    }
  }

  @Test("a root that was changed is found, also by the one after it (M17)")
  func changedRoot() async throws {
    try await AuditedLedger.with { ledger in
      try await ledger.fill()
      let now = WallClock.system.unixMicroseconds
      try await Sealing.seal(ledger.database)
      try await Sealing.seal(ledger.database, clock: .fixed(unixMicroseconds: now + 86_400_000_000))
      #expect(try await ledger.database.query("SELECT 1 FROM ledger_root").count == 2)
      #expect(try await ledger.audit(chain: true).brokenRules == [])
      try await ledger.tamper(
        "UPDATE ledger_root SET hash = sha256('') WHERE day = (SELECT min(day) FROM ledger_root);"
      )
      let outcome = try #require(try await ledger.audit(chain: true).broken.first { $0.rule.name == "chain.root" })
      #expect(outcome.brokenCount == 2)
    }
  }

  @Test("the day has one root, and several sealers at once make one chain")
  func severalSealers() async throws {
    try await AuditedLedger.with { ledger in
      try await ledger.fill()
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<4 {
          group.addTask { try await Sealing.seal(ledger.database, entries: 3 + number) }
        }
        try await group.waitForAll()
      }
      let report = try await ledger.audit(chain: true)
      #expect(report.brokenRules == [])
      let sealed: Int64 = try await ledger.database.query("SELECT sum(entry_count)::bigint FROM ledger_seal")[0]
        .decode(column: 0)
      #expect(sealed == report.entries)
      #expect(try await ledger.database.query("SELECT 1 FROM ledger_root").count == 1)
    }
  }

  @Test("of two seals that follow the same one, the tables take one")
  func oneFollows() async throws {
    try await AuditedLedger.with { ledger in
      try await ledger.fill()
      try await Sealing.seal(ledger.database)
      let error = await #expect(throws: PostgresError.self) {
        try await ledger.database.execute(
          """
          INSERT INTO ledger_seal (lane, previous_sequence, last_sequence, entry_count, sealed_at, hash)
          SELECT lane, previous_sequence, last_sequence + 1, entry_count, sealed_at, hash FROM ledger_seal LIMIT 1
          """
        )
      }
      #expect(error?.sqlState == .uniqueViolation)
      #expect(error?.server?.constraint == "ledger_seal_follows_one")
    }
  }

  @Test("entries, by whatever name, seals and roots are only ever added")
  func appendOnly() async throws {
    try await AuditedLedger.with { ledger in
      _ = try await ledger.open()
      let partition: String = try await ledger.database.query("SELECT tableoid::regclass::text FROM ledger_entry")[0]
        .decode(column: 0)
      #expect(partition.hasPrefix("ledger_entry_2"))
      for statement: SQL in [
        "DELETE FROM \(identifier: partition)", "UPDATE \(identifier: partition) SET amount = 0",
        "TRUNCATE \(identifier: partition)", "TRUNCATE ledger_entry_default",
        "DELETE FROM ledger_seal", "UPDATE ledger_root SET made_at = 0", "TRUNCATE ledger_seal",
      ] {
        let error = await #expect(throws: PostgresError.self) { try await ledger.database.execute(statement) }
        #expect(error?.sqlState == SQLState(rawValue: "23001"))
      }
    }
  }

  @Test("every column of an entry is sealed but the one that follows from the others, as the rule entry.follows says")
  func everyColumn() async throws {
    try await AuditedLedger.with { ledger in
      let rows = try await ledger.database.query(
        """
        SELECT attname::text FROM pg_attribute WHERE attrelid = 'ledger_entry'::regclass AND attnum > 0 AND NOT attisdropped
        """
      )
      let columns = try rows.map { try $0.decode(column: 0, as: String.self) }
      let query = AuditCheck.chain(lane: 0).query.text
      for column in columns where column != "follows" {
        #expect(query.contains("entry.\(column)"), "\(column) is in no seal")
      }
    }
  }
}
