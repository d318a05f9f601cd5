import Foundation
import Synchronization

/// Where log lines go: whole lines only, never two mixed up.
public final class LogOutput: Sendable {
  private let write: @Sendable ([UInt8]) -> Void
  private let isWriting = Mutex(())

  /// Lines go to `write`, one at a time.
  public init(_ write: @escaping @Sendable ([UInt8]) -> Void) {
    self.write = write
  }

  /// The process's standard error output.
  public static let standardError = LogOutput { bytes in
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(STDERR_FILENO, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { return }
      rest = rest.dropFirst(count)
    }
  }

  func line(_ bytes: [UInt8]) {
    isWriting.withLock { _ in write(bytes) }
  }
}
