import Foundation
import LoyaltyTestSupport
import Testing

@testable import LocalSuite
@testable import patron_lab

/// Real processes that are really killed. `make chaos` plays 200 such faults.
@Suite("Whatever breaks around the ledger, nothing is lost or doubled (M6)", .serialized, .timeLimit(.minutes(5)))
struct ChaosRunTests {
  private func run(_ name: String, faultCount: Int) -> ChaosRun {
    let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    return ChaosRun(
      faultCount: faultCount,
      seed: PropertySeed(name).value,
      folder: FileManager.default.temporaryDirectory.appendingPathComponent("patron-chaos-\(UUID())").path,
      executables: executable.deletingLastPathComponent().path,
      terminal: Terminal(isInteractive: false, hasColours: false)
    )
  }

  private func remove(_ folder: String) async throws {
    _ = try await Command(executable: "/bin/umount", arguments: ["--lazy", "\(folder)/cluster"]).run()
    try? FileManager.default.removeItem(atPath: folder)
  }

  @Test("a fault of every kind leaves the books consistent with the answers (M6)")
  func everyKind() async throws {
    let run = run("chaos", faultCount: FaultKind.all.count)
    let report = try await run.run()
    #expect(report.findings == [], "seed \(run.seed)")
    #expect(report.total.faults == run.faultCount)
    #expect(report.total.sent > 50)
    #expect(report.results.last == "RESULT chaos.verdict=clean")
    #expect(!FileManager.default.fileExists(atPath: run.folder))
  }

  @Test("a ledger without its guard is found out (M10)")
  func withoutGuard() async throws {
    var run = run("chaos without guard", faultCount: 20)
    run.kinds = [.killLoyalty]
    run.removesGuard = true
    let report = try await run.run()
    #expect(!report.findings.isEmpty, "seed \(run.seed)")
    #expect(report.results.last == "RESULT chaos.verdict=findings")
    #expect(FileManager.default.fileExists(atPath: run.folder))
    try await remove(run.folder)
  }
}
