import Basics
import Crypto
import Foundation

/// The folder in which a suite on this machine keeps what belongs to it: the private PostgreSQL, passwords, logs, and the
/// ids of the running processes. One supervisor at a time may hold it.
package final class LocalDirectory: Sendable {
  /// Its absolute path.
  package let path: String

  private let lock: Int32

  /// Makes the folder if needed and takes hold of it until the process ends.
  package init(_ path: String) throws {
    self.path = URL(fileURLWithPath: path).standardizedFileURL.path
    for folder in [self.path, "\(self.path)/run", "\(self.path)/logs"] {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }
    // The lock goes with the process, however it ends: there is nothing to clean up.
    lock = open("\(self.path)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard lock >= 0 else { throw SuiteError.system("opening \(self.path)/lock", errno) }
    guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      close(lock)
      throw SuiteError("Another `patron` is running a suite in \(self.path). Stop it first, or choose another --local.")
    }
  }

  /// Looks at the folder without taking hold of it: a supervisor may be running the suite in it. Makes nothing.
  package init(observing path: String) {
    self.path = URL(fileURLWithPath: path).standardizedFileURL.path
    lock = -1
  }

  deinit {
    close(lock)
  }

  /// Lets another supervisor take the folder.
  package func release() {
    flock(lock, LOCK_UN)
  }

  /// A short name that no other folder has.
  var identity: String {
    Hex.text(SHA256.hash(data: Array(path.utf8)).prefix(6))
  }

  /// The path of something in the folder.
  package func path(of name: String) -> String {
    "\(path)/\(name)"
  }

  /// What a file in the folder says, without the white space around it; nil if there is none.
  package func read(_ name: String) -> String? {
    (try? String(contentsOfFile: path(of: name), encoding: .utf8))?.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Writes a file that only its owner may read, whole or not at all.
  func writePrivately(_ name: String, _ text: String) throws {
    let temporary = path(of: "\(name).new")
    unlink(temporary)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw SuiteError.system("writing \(temporary)", errno) }
    let bytes = Array(text.utf8)
    let count = write(descriptor, bytes, bytes.count)
    fsync(descriptor)
    close(descriptor)
    guard count == bytes.count, rename(temporary, path(of: name)) == 0 else {
      throw SuiteError.system("writing \(path(of: name))", errno)
    }
  }
}
