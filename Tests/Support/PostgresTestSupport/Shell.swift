import Foundation
import Glibc

/// Runs commands and waits for them.
enum Shell {
  /// Quotes a word so that the shell does not change it.
  static func quoted(_ word: String) -> String {
    "'" + word.replacingOccurrences(of: "'", with: "'\\''") + "'"
  }

  /// Makes a command inherit only its standard streams. Otherwise this process's open descriptors, above all
  /// connections, would stay open as long as the server runs, and their peers would wait.
  static func alone(_ command: String) -> String {
    let closing = "number=${file##*/}; [ $number -gt 2 ] && eval \"exec $number>&-\""
    return "exec bash -c " + quoted("{ for file in /proc/$$/fd/*; do \(closing); done; } 2>/dev/null; \(command)")
  }

  /// Runs a command as a user that PostgreSQL accepts: it refuses root.
  static func runAsServerUser(_ command: String, input: String? = nil) throws {
    var full = command
    if geteuid() == 0 {
      let user = try serverUser()
      full = "setpriv --reuid=\(user) --regid=$(id -g \(user)) --clear-groups -- sh -c \(quoted(command))"
    }
    if let input { full = "printf %s \(quoted(input)) | \(full)" }
    try run(full)
  }

  /// Returns the user of the server when the tests run as root.
  static func serverUser() throws -> String {
    for name in ["postgres", "nobody"] where getpwnam(name) != nil { return name }
    throw TestSupportError("the tests run as root and there is neither a user postgres nor nobody to run the server")
  }

  @discardableResult
  static func run(_ command: String) throws -> String {
    guard let pipe = popen(alone("cd / && { \(command) ; } </dev/null 2>&1"), "re") else {
      throw TestSupportError("no shell can be started")
    }
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4_096)
    while true {
      let count = fread(&buffer, 1, buffer.count, pipe)
      guard count > 0 else { break }
      output += buffer.prefix(count)
    }
    let status = pclose(pipe)
    let text = String(decoding: output, as: UTF8.self)
    guard status == 0 else { throw TestSupportError("failed with \(status): \(command)\n\(text)") }
    return text
  }
}

/// Runs blocking work on a thread of its own.
func onOwnThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
  try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
  }
}
