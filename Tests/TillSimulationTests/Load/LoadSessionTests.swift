import Basics
import Foundation
import Histogram
import LoyaltyTestSupport
import Postgres
import RPC
import ServiceKit
import Synchronization
import Testing

@testable import TillSimulation

/// A real points service on a real PostgreSQL, at a low rate.
@Suite("A load on a real points service", .timeLimit(.minutes(5)))
struct LoadSessionTests {
  private func session(
    _ loyalty: LoyaltyHarness,
    folder: String,
    rate: Double = 40,
    seconds: Double = 3,
    processes: Int = 1,
    stop: StopSignal = StopSignal(),
    auditor: @escaping @Sendable (String, MemberRoster) throws -> any LedgerVerdict
  ) async throws -> LoadSession {
    let target = try #require(loyalty.channel as? Channel).target.description
    let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    return LoadSession(
      plan: LoadFixtures.plan(
        rate: rate,
        seconds: seconds,
        mix: try LoadMix("earn=40,redeem=20,stored_value=10,refund=15,duplicate=10,late=5", service: .loyalty),
        target: target,
        folder: folder,
        programme: try await LoadProgramme(loyalty.client)
      ),
      channel: loyalty.channel,
      loyalty: loyalty.client,
      run: LoadRun(
        processes: processes,
        executable: executable.deletingLastPathComponent().appendingPathComponent("patron").path,
        stop: stop,
        terminal: LoadFixtures.terminal
      ),
      auditor: auditor
    )
  }

  private func audit(
    _ database: Database,
    chain: Bool = false
  ) -> @Sendable (String, MemberRoster) throws -> any LedgerVerdict {
    { folder, _ in
      LedgerAuditor(
        database: database,
        acknowledged: try AcknowledgedMutations(directory: folder, sampleMaximum: LedgerAuditor.sampleMaximum),
        checksChain: chain
      )
    }
  }

  private func report(_ outcome: LoadSession.Outcome) throws -> LoadReport {
    guard case .report(let report) = outcome else {
      Issue.record("\(outcome)")
      throw LoadError("there is no report")
    }
    return report
  }

  @Test(
    "every request is answered, the audit is clean and agrees with the answers, and the members stay for the next run"
  )
  func clean() async throws {
    try await LoyaltyHarness.with { loyalty in
      try await LoadFixtures.withFolder { folder in
        let session = try await session(loyalty, folder: folder, auditor: audit(loyalty.database))
        let report = try report(try await session.play())
        #expect(report.verdict == .clean)
        #expect(report.isGood)
        #expect(report.total.offered == 120)
        #expect(report.total.answered == 120)
        #expect(report.failures == [:])
        #expect(Set(report.kinds.map(\.name)) == ["earn", "redeem", "stored_value", "refund", "duplicate", "late"])
        let duplicates = report.kinds.first { $0.name == "duplicate" }?.answered ?? 0
        let refused = report.total.refused
        let acknowledged = report.acknowledged
        #expect(acknowledged.storedValueMovements > 0)
        #expect(
          acknowledged.orders + acknowledged.reversals + acknowledged.storedValueMovements == 120 - duplicates - refused
        )
        // Twenty orders gave the members their first points.
        let orders = try await loyalty.orderCount()
        #expect(orders == Int64(acknowledged.orders + 20))
        let problems = try await loyalty.bookProblems()
        #expect(problems == [])

        let again = try await self.session(
          loyalty,
          folder: folder,
          seconds: 1,
          auditor: audit(loyalty.database, chain: true)
        )
        let second = try self.report(try await again.play())
        #expect(second.verdict == .clean)
        // Nobody got the first points twice.
        let ordersInAll = try await loyalty.orderCount()
        #expect(ordersInAll == Int64(second.acknowledged.orders + 20))
      }
    }
  }

  @Test(
    "a changed balance is found, by the audit with its rules and first rows, and by calls to the service"
  )
  func changed() async throws {
    try await LoyaltyHarness.with { loyalty in
      try await LoadFixtures.withFolder { folder in
        let session = try await session(loyalty, folder: folder, seconds: 1) { folder, roster in
          Tampering(
            loyalty: loyalty,
            change: """
              UPDATE ledger_account SET available = available + 1,
                lots = ARRAY[2147483647, available + 1]
              WHERE asset = 1
              """,
            folder: folder,
            roster: roster
          )
        }
        let report = try report(try await session.play())
        #expect(!report.isGood)
        guard case .findings(let findings) = report.verdict else {
          Issue.record("the verdict is clean")
          return
        }
        let available = try #require(findings.first { $0.hasPrefix("account.available: ") })
        #expect(available.contains(", asset 1: the account says "))
        #expect(available.hasSuffix(" (the first of 20)"))
        for rule in ["lots.entries", "asset.zero"] {
          #expect(findings.contains { $0.hasPrefix("\(rule): ") }, "\(rule) in \(findings)")
        }
        #expect(findings.last == "the service finds them as well")
        #expect(!findings.contains { $0.contains("sampled") }, "what was acknowledged is still there")
      }
    }
  }

  @Test("an acknowledged order that is not in the ledger is found")
  func missing() async throws {
    try await LoyaltyHarness.with { loyalty in
      try await LoadFixtures.withFolder { folder in
        let lost = UUIDv7Generator().next()
        let session = try await session(loyalty, folder: folder, seconds: 1) { folder, roster in
          let journal = try LoadJournal(directory: folder, process: 99)
          journal.append(
            AcknowledgedMutation(kind: .order, requestID: lost, orderID: lost, memberNumber: 1, balanceChange: 5)
          )
          journal.flush()
          return try self.audit(loyalty.database)(folder, roster)
        }
        guard case .findings(let findings) = try report(try await session.play()).verdict else {
          Issue.record("the verdict is clean")
          return
        }
        #expect(findings.count == 1)
        #expect(findings[0].contains("not in the ledger: \(lost.text)"))
      }
    }
  }

  @Test("asked alone, the service knows all that it acknowledged, and does not know a movement that it never did")
  func answers() async throws {
    try await LoyaltyHarness.with { loyalty in
      try await LoadFixtures.withFolder { folder in
        let ask: @Sendable (String, MemberRoster) throws -> any LedgerVerdict = { folder, roster in
          LedgerAnswers(
            client: loyalty.client,
            acknowledged: try AcknowledgedMutations(directory: folder, sampleMaximum: LedgerAnswers.sampleMaximum),
            roster: roster,
            storedValueAsset: "stored_cny"
          )
        }
        let session = try await session(loyalty, folder: folder, auditor: ask)
        let first = try report(try await session.play())
        #expect(first.verdict == .clean)

        let lost = UUIDv7Generator().next()
        let again = try await self.session(loyalty, folder: folder, seconds: 1) { folder, roster in
          let journal = try LoadJournal(directory: folder, process: 99)
          journal.append(
            AcknowledgedMutation(
              kind: .storedValue,
              requestID: lost,
              orderID: lost,
              memberNumber: 1,
              balanceChange: 10_000
            )
          )
          journal.flush()
          return try ask(folder, roster)
        }
        let finding = "the movement \(lost.text) of a stored value was acknowledged and is not in the ledger"
        let second = try self.report(try await again.play())
        #expect(second.verdict == .findings([finding]))
      }
    }
  }

  @Test("without a check there is no result")
  func unchecked() async throws {
    try await LoyaltyHarness.with { loyalty in
      try await LoadFixtures.withFolder { folder in
        let session = try await session(loyalty, folder: folder, seconds: 1) { _, _ in NobodyAsked(reason: "a test") }
        guard case .unchecked("a test") = try await session.play() else {
          Issue.record("there is a result")
          return
        }
      }
    }
  }

  @Test("several processes share the load, and their journals are checked together")
  func processes() async throws {
    try await LoyaltyHarness.with { loyalty in
      try await LoadFixtures.withFolder { folder in
        let session = try await session(
          loyalty,
          folder: folder,
          rate: 50,
          seconds: 2,
          processes: 2,
          auditor: audit(loyalty.database)
        )
        let report = try report(try await session.play())
        #expect(report.lostProcesses == [])
        #expect(report.verdict == .clean)
        #expect(report.total.offered == 100)
        #expect(report.total.answered == 100)
        let journals = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".journal") }
        #expect(journals.sorted() == ["process-0.journal", "process-1.journal"])
      }
    }
  }

  @Test("a process that is killed is reported; the others continue, and what was acknowledged is checked")
  func killed() async throws {
    try await LoyaltyHarness.with { loyalty in
      try await LoadFixtures.withFolder { folder in
        let stop = StopSignal()
        let session = try await session(
          loyalty,
          folder: folder,
          seconds: 3_600,
          processes: 2,
          stop: stop,
          auditor: audit(loyalty.database)
        )
        let killer = Task {
          try await Self.waitForWork(folder, process: 1)
          let child = try #require(Self.child(folder, process: 1))
          kill(child, SIGKILL)
          while Self.child(folder, process: 1) != nil { try await Task.sleep(for: .milliseconds(20)) }
          let before = Self.journalBytes(folder, process: 0)
          while Self.journalBytes(folder, process: 0) == before { try await Task.sleep(for: .milliseconds(20)) }
          stop.request()
        }
        let report = try report(try await session.play())
        try await killer.value
        #expect(report.lostProcesses == ["Process 2 of 2 was ended by signal 9: what it had not told yet is missing."])
        #expect(!report.isGood)
        #expect(report.verdict == .clean)
        #expect(report.acknowledged.orders > 0)
      }
    }
  }

  @Test("an operator's stop gives the report so far")
  func interrupted() async throws {
    try await LoyaltyHarness.with { loyalty in
      try await LoadFixtures.withFolder { folder in
        let stop = StopSignal()
        let session = try await session(
          loyalty,
          folder: folder,
          seconds: 3_600,
          processes: 2,
          stop: stop,
          auditor: audit(loyalty.database)
        )
        let impatient = Task {
          for process in 0...1 { try await Self.waitForWork(folder, process: process) }
          stop.request()
        }
        let report = try report(try await session.play())
        try await impatient.value
        #expect(report.wasInterrupted)
        #expect(report.lostProcesses == [])
        #expect(report.verdict == .clean)
        #expect(report.elapsedSeconds < 600)
        // On a busy machine some may have taken longer than a request may.
        #expect(report.total.offered == report.total.answered + report.total.failed)
      }
    }
  }

  /// Waits until a child has recorded something acknowledged.
  private static func waitForWork(_ folder: String, process: Int) async throws {
    while journalBytes(folder, process: process) == 0 { try await Task.sleep(for: .milliseconds(20)) }
  }

  private static func journalBytes(_ folder: String, process: Int) -> Int {
    let path = "\(folder)/process-\(process).journal"
    return (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
  }

  /// Returns the process ID of the child with this part of a plan.
  private static func child(_ folder: String, process: Int) -> Int32? {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { Int32($0) }.first { id in
      guard let data = FileManager.default.contents(atPath: "/proc/\(id)/cmdline") else { return false }
      let words = String(decoding: data, as: UTF8.self)
      let plan = words.replacing("\\/", with: "/")
      return plan.contains(folder) && plan.contains("\"index\":\(process)")
    }
  }
}

/// Changes the ledger behind the service's back, then checks it in both ways.
private struct Tampering: LedgerVerdict {
  let loyalty: LoyaltyHarness
  let change: SQL
  let folder: String
  let roster: MemberRoster

  var description: String { "a test" }

  func verdict() async throws -> Verdict {
    try await loyalty.database.execute(change)
    let acknowledged = try AcknowledgedMutations(directory: folder, sampleMaximum: 100)
    let audited = try await LedgerAuditor(database: loyalty.database, acknowledged: acknowledged).verdict()
    let answers = LedgerAnswers(
      client: loyalty.client,
      acknowledged: acknowledged,
      roster: roster,
      storedValueAsset: "stored_cny"
    )
    guard case .findings(let found) = try await answers.verdict(), found.allSatisfy({ $0.contains("add up to") }) else {
      return audited
    }
    guard case .findings(let findings) = audited else { return audited }
    return .findings(findings + ["the service finds them as well"])
  }
}
