import Foundation
import Testing

@testable import LocalSuite

@Suite("Running processes")
struct RunningProcessTests {
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
