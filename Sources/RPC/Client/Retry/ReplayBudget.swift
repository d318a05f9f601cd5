import Synchronization

/// Counts the request bytes that the calls of a channel keep to send them again. For any thread.
final class ReplayBudget: Sendable {
  private let bytesMaximum: Int
  private let bytes = Atomic(0)

  init(bytesMaximum: Int) {
    self.bytesMaximum = bytesMaximum
  }

  /// What is kept now.
  var keptBytes: Int { bytes.load(ordering: .relaxed) }

  /// True when so many more bytes may be kept; they must be released later.
  func reserve(_ count: Int) -> Bool {
    let (_, total) = bytes.add(count, ordering: .relaxed)
    if total <= bytesMaximum { return true }
    release(count)
    return false
  }

  func release(_ count: Int) {
    bytes.subtract(count, ordering: .relaxed)
  }
}
