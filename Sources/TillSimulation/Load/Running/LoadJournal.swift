import Foundation
import LocalSuite
import Synchronization

/// Keeps what was acknowledged, in a file, so that even a process that is killed leaves behind what must be in the ledger.
final class LoadJournal: Sendable {
  /// Records are written when they have this number of bytes, and every second.
  private static let bufferBytes = 64 << 10

  private let descriptor: Int32
  private let buffer = Mutex<[UInt8]>([])
  private let lostBytes = Atomic(0)

  /// Appends to the file of a process in `directory`.
  init(directory: String, process: Int) throws {
    let path = "\(directory)/process-\(process).journal"
    descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw SuiteError.system("opening \(path)", errno) }
  }

  deinit {
    flush()
    close(descriptor)
  }

  /// Adds a record.
  func append(_ mutation: AcknowledgedMutation) {
    buffer.withLock { buffer in
      mutation.append(to: &buffer)
      if buffer.count >= Self.bufferBytes { write(&buffer) }
    }
  }

  /// How many records could not be written.
  var lostCount: Int {
    let size = AcknowledgedMutation.recordBytes
    return (lostBytes.load(ordering: .relaxed) + size - 1) / size
  }

  /// Writes what has been added.
  func flush() {
    buffer.withLock { write(&$0) }
  }

  private func write(_ buffer: inout [UInt8]) {
    var rest = buffer[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        lostBytes.add(rest.count, ordering: .relaxed)
        break
      }
      rest = rest.dropFirst(count)
    }
    buffer.removeAll(keepingCapacity: true)
  }
}
