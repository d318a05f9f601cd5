import Synchronization

/// Makes tasks wait until all have arrived.
final class Arrivals: Sendable {
  private let missing: Mutex<Int>
  private let complete = Flag()

  init(_ count: Int) { missing = Mutex(count) }

  func arrive() async {
    let isLast = missing.withLock { missing in
      missing -= 1
      return missing == 0
    }
    if isLast { complete.raise() } else { await complete.wait() }
  }
}
