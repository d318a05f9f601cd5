import NIOCore

/// Ends old connections, so that clients are redistributed over the servers behind one address (gRFC A9,
/// MAX_CONNECTION_AGE).
struct ConnectionAge: Sendable, Hashable {
  enum Action: Sendable, Hashable {
    case none
    /// Accept no more calls, and let running ones finish.
    case drain
    /// Close, because the running calls have exceeded the grace.
    case close
  }

  /// The random fraction by which an age differs from the configured one, so that connections made together do not end
  /// together.
  private static let jitter = 0.1

  private let grace: TimeAmount?
  private var drainsAt: NIODeadline?
  private var closesAt: NIODeadline?

  /// - Parameter grace: How long calls may continue after the drain. Nil is without limit.
  init(
    maximum: Duration,
    grace: Duration?,
    now: NIODeadline,
    using random: inout some RandomNumberGenerator
  ) {
    let chance = Double(random.next() >> 11) / Double(1 << 53)
    drainsAt = now + TimeAmount(maximum * (1 + Self.jitter * (2 * chance - 1)))
    self.grace = grace.map { TimeAmount($0) }
  }

  /// Returns the action at ``nextCheck``.
  mutating func check(now: NIODeadline) -> Action {
    if let drainsAt, now >= drainsAt {
      self.drainsAt = nil
      closesAt = grace.map { now + $0 }
      return .drain
    }
    if let closesAt, now >= closesAt {
      self.closesAt = nil
      return .close
    }
    return .none
  }

  /// When to check next, nil when there is nothing left to do.
  var nextCheck: NIODeadline? { drainsAt ?? closesAt }
}
