import Basics
import Foundation

/// A process of this machine, distinguished from a later one with the same id by the time of its start.
struct RunningProcess: Hashable, Sendable {
  var id: Int32
  /// In clock ticks since the machine's start, as proc(5) tells.
  var startedAt: UInt64

  /// The process with the id `id`, if it runs. One that has ended and is not yet waited for does not.
  init?(id: Int32) {
    guard id > 0, let status = LinuxProcess(id: id).status, !status.hasEnded else { return nil }
    self.id = id
    startedAt = status.startTicks
  }

  /// Reads what `description` wrote.
  init?(_ text: String) {
    let parts = text.split(separator: " ")
    guard parts.count == 2, let id = Int32(parts[0]), let startedAt = UInt64(parts[1]), id > 0 else { return nil }
    self.id = id
    self.startedAt = startedAt
  }

  /// "4711 93847234", for a file.
  var description: String { "\(id) \(startedAt)" }

  /// Whether it still runs.
  var isAlive: Bool { RunningProcess(id: id) == self }

  /// Asks it to end; after `grace`, ends it at once.
  func end(asking signal: Int32, grace: Duration) async throws {
    kill(id, signal)
    let deadline = ContinuousClock.now + grace
    while isAlive, ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(20)) }
    guard isAlive else { return }
    kill(id, SIGKILL)
    while isAlive { try await Task.sleep(for: .milliseconds(20)) }
  }
}

/// How a process ended.
package enum ProcessEnd: Hashable, Sendable, CustomStringConvertible {
  /// By itself, with a code.
  case code(Int32)
  /// By a signal.
  case signal(Int32)

  /// Reads the status word of waitpid(2), as Linux lays it out.
  init(waitStatus: Int32) {
    let signal = waitStatus & 0x7F
    self = signal == 0 ? .code((waitStatus >> 8) & 0xFF) : .signal(signal)
  }

  package var description: String {
    switch self {
    case .code(let code): "ended with exit code \(code)"
    case .signal(let signal): "was ended by signal \(signal)"
    }
  }
}

/// Cuts a stream of bytes into lines.
struct LineSplitter {
  /// A longer line is cut there, so that a child can't fill our memory.
  static let lineBytesMaximum = 64 << 10

  private var rest: [UInt8] = []

  /// Takes more bytes and gives the lines that they complete.
  mutating func append(_ bytes: some Collection<UInt8>) -> [String] {
    var lines: [String] = []
    for byte in bytes {
      if byte == UInt8(ascii: "\n") || rest.count == Self.lineBytesMaximum {
        lines.append(String(decoding: rest, as: UTF8.self))
        rest.removeAll(keepingCapacity: true)
      }
      if byte != UInt8(ascii: "\n") { rest.append(byte) }
    }
    return lines
  }

  /// What came after the last line's end, if anything did.
  mutating func finish() -> String? {
    defer { rest = [] }
    return rest.isEmpty ? nil : String(decoding: rest, as: UTF8.self)
  }
}
