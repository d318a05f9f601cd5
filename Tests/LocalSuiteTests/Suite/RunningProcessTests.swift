import Foundation
import Testing

@testable import LocalSuite

@Suite("Running processes")
struct RunningProcessTests {
  @Test("the start time is found behind a name that holds spaces and brackets")
  func startTime() {
    let stat = "42 (a ) (b) R 1 42 42 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 987654 1 1"
    #expect(RunningProcess.startTime(stat: stat) == 987_654)
  }

  @Test("a process that has ended is not running, though its parent has not waited for it")
  func zombie() {
    let stat = "42 (a) Z 1 42 42 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 987654 1 1"
    #expect(RunningProcess.startTime(stat: stat) == nil)
  }

  @Test("it survives being written down")
  func text() throws {
    let process = try #require(RunningProcess(id: getpid()))
    #expect(RunningProcess(process.description) == process)
    #expect(process.isAlive)
  }

  @Test("a later process with the same id is another one")
  func reusedID() throws {
    var process = try #require(RunningProcess(id: getpid()))
    process.startedAt -= 1
    #expect(!process.isAlive)
  }

  @Test("nonsense is no process", arguments: ["", "1", "x y", "1 2 3", "-1 5"])
  func nonsense(text: String) {
    #expect(RunningProcess(text) == nil)
  }
}
