import Foundation
import Testing

@testable import LocalSuite

@Suite("Stopping a suite", .timeLimit(.minutes(1)))
struct SuiteStopTests {
  /// Makes a suite of parts that are never ready and end only when stopped; otherwise by the grace of 30 s.
  private func suite(in local: LocalDirectory, parts: Int) -> Suite {
    let terminal = Terminal(isInteractive: false, hasColours: false)
    return Suite(
      parts: (0..<parts).map { number in
        SuitePart(
          name: "part-\(number)",
          stage: 0,
          command: Command(executable: "/bin/sleep", arguments: ["600"], environment: ["PATH": "/usr/bin:/bin"]),
          stopSignal: SIGTERM,
          isReady: { false }
        )
      },
      local: local,
      console: SuiteConsole(.files, terminal: terminal, local: local),
      keepsGoing: false
    )
  }

  @Test("a stop that comes while children are being started reaches them once they are there")
  func stopDuringStart() async throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("patron-test-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let local = try LocalDirectory(path)
    defer { local.release() }
    // Within this time the stop meets each step of starting a child.
    for pause in 0..<20 {
      let suite = suite(in: local, parts: 3)
      let start = Task { await suite.start() }
      for _ in 0..<pause { await Task.yield() }
      await suite.stop()
      #expect(await suite.waitForEnd() == 0)
      #expect(await start.value == false)
    }
  }
}
