import Foundation
import Testing

@testable import LocalSuite

@Suite("Children")
struct ChildProcessTests {
  private let path = ["PATH": "/usr/bin:/bin"]

  @Test("lines of both outputs and the exit code come back")
  func output() async throws {
    let command = Command(
      executable: "/bin/sh",
      arguments: ["-c", "echo one; echo two >&2; printf three; exit 7"],
      environment: path
    )
    let (status, output) = try await command.run()
    #expect(status == .code(7))
    #expect(output == ["one", "two", "three"])
  }

  @Test("a death by a signal is reported as such")
  func signal() async throws {
    let command = Command(executable: "/bin/sh", arguments: ["-c", "kill -KILL $$"], environment: path)
    #expect(try await command.run().0 == .signal(9))
  }

  @Test("a program that is not there ends with a code of its own")
  func missing() async throws {
    let (status, output) = try await Command(executable: "/nowhere", environment: path).run()
    #expect(status == .code(127))
    #expect(output.joined().contains("/nowhere"))
  }

  @Test("a child has its three streams, and no other descriptor of ours")
  func descriptors() async throws {
    let inherited = dup(STDIN_FILENO)
    defer { close(inherited) }
    let command = Command(executable: "/bin/sh", arguments: ["-c", "ls /proc/$$/fd"], environment: path)
    #expect(try await command.run().output == ["0", "1", "2"])
  }

  @Test("a child gets the environment it is given, and nothing else")
  func environment() async throws {
    let (_, output) = try await Command(executable: "/usr/bin/env", environment: ["A": "b c"]).run()
    #expect(output == ["A=b c"])
  }

  @Test("a child leads its own group, so that a Ctrl-C at the terminal does not reach it")
  func group() async throws {
    let command = Command(
      executable: "/bin/sh",
      arguments: ["-c", "cut -d' ' -f1,5 /proc/$$/stat"],
      environment: path
    )
    let fields = try await command.run().output.first?.split(separator: " ") ?? []
    #expect(fields.count == 2)
    #expect(fields.first == fields.last)
  }

  @Test("a child whose supervisor is killed dies too", .timeLimit(.minutes(1)))
  func deathOfTheParent() async throws {
    // The shell in the middle stands for the supervisor: it starts a child as Command does, and is then killed.
    let words = Command(executable: "/bin/sleep", arguments: ["600"]).words.joined(separator: " ")
    let script = "\(words) & echo $!; sleep 0.2; kill -KILL $$"
    let (status, output) = try await Command(executable: "/bin/sh", arguments: ["-c", script], environment: path).run()
    #expect(status == .signal(9))
    // The output ended, so the grandchild, which had it open, has ended.
    let id = try #require(output.first.flatMap { Int32($0) })
    while RunningProcess(id: id) != nil { await Task.yield() }
  }
}
