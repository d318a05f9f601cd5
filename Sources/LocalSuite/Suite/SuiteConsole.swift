import Foundation
import Synchronization

/// Where the words of a suite's processes go: to the terminal behind their names, or into files.
package final class SuiteConsole: Sendable {
  /// Where the lines of the processes go.
  package enum Destination: Hashable, Sendable {
    /// To standard output, each behind its process's name.
    case terminal
    /// Into `logs/NAME.log` of the local folder.
    case files
  }

  private let terminal: Terminal
  private let destination: Destination
  private let local: LocalDirectory
  private let files = Mutex<[String: Int32]>([:])

  package init(_ destination: Destination, terminal: Terminal, local: LocalDirectory) {
    self.destination = destination
    self.terminal = terminal
    self.local = local
  }

  deinit {
    files.withLock { files in for descriptor in files.values { close(descriptor) } }
  }

  /// Passes a process's line on.
  package func show(_ line: String, of name: String) {
    switch destination {
    case .terminal:
      let prefix = name + String(repeating: " ", count: max(0, 9 - name.count)) + " │ "
      terminal.write(line: terminal.coloured(prefix, Self.colour(of: name)) + line)
    case .files:
      append(line, to: name)
    }
  }

  /// Says something in the supervisor's own name.
  package func say(_ line: String) {
    terminal.write(line: terminal.coloured("patron", .bold) + "    │ " + line)
  }

  /// Says loudly that a process has ended unasked.
  func reportDeath(_ name: String, _ status: ProcessEnd, restartAfter pause: Duration?) {
    let next = pause.map { "It starts again in \(Text.duration($0))." } ?? "The rest of the suite is stopped."
    say(terminal.coloured("!!! \(name) \(status). \(next)", .red))
    if destination == .files { say("Its last words are in \(path(of: name)).") }
  }

  private func append(_ line: String, to name: String) {
    files.withLock { files in
      let descriptor = files[name] ?? open(path(of: name), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else { return }
      files[name] = descriptor
      let bytes = Array("\(line)\n".utf8)
      _ = write(descriptor, bytes, bytes.count)
    }
  }

  private func path(of name: String) -> String {
    local.path(of: "logs/\(name).log")
  }

  private static func colour(of name: String) -> Terminal.Colour {
    ServiceCatalogue.services.first { $0.name == name }?.colour ?? .dim
  }
}
