import Foundation
import Testing

@testable import LocalSuite

@Suite("The local folder")
struct LocalDirectoryTests {
  private func withFolder(_ body: (String) async throws -> Void) async throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("patron-test-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try await body(path)
  }

  @Test("one supervisor at a time holds it")
  func lock() async throws {
    try await withFolder { path in
      var first: LocalDirectory? = try LocalDirectory(path)
      #expect(throws: SuiteError.self) { try LocalDirectory(path) }
      #expect(first != nil)
      first = nil
      _ = try LocalDirectory(path)
    }
  }

  @Test("passwords stay the same, and only the owner may read them")
  func passwords() async throws {
    try await withFolder { path in
      let local = try LocalDirectory(path)
      let first = try Passwords(in: local, roles: ["a", "b"])
      let second = try Passwords(in: local, roles: ["a", "b", "c"])
      #expect(first["a"] == second["a"])
      #expect(first["a"] != first["b"])
      #expect(second["c"].utf8.count == 32)
      let mode = try FileManager.default.attributesOfItem(atPath: "\(path)/passwords")[.posixPermissions] as? Int
      #expect(mode == 0o600)
    }
  }

  @Test("what a killed supervisor left running is ended")
  func leftovers() async throws {
    try await withFolder { path in
      let local = try LocalDirectory(path)
      let (ends, end) = AsyncStream<ProcessEnd>.makeStream()
      let child = try await ChildProcess.start(
        Command(executable: "/bin/sleep", arguments: ["600"]),
        output: { _ in },
        exit: { end.yield($0) }
      )
      Leftovers(in: local).remember("members", id: child.id)
      #expect(try await Leftovers(in: local).clean(grace: .seconds(10)) == ["members"])
      for await status in ends {
        #expect(status == .signal(SIGTERM))
        break
      }
      #expect(try await Leftovers(in: local).clean(grace: .seconds(10)) == [])
    }
  }

  @Test("a process id of another process is left alone")
  func reusedID() async throws {
    try await withFolder { path in
      let local = try LocalDirectory(path)
      var process = try #require(RunningProcess(id: getpid()))
      process.startedAt -= 1
      try process.description.write(toFile: "\(path)/run/members.pid", atomically: true, encoding: .utf8)
      #expect(try await Leftovers(in: local).clean(grace: .seconds(10)) == [])
    }
  }
}
