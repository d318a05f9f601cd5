import NIOCore

/// Ends a connection that has lived long enough, so that clients spread anew over the servers behind one address
/// (gRFC A9, MAX_CONNECTION_AGE).
struct ConnectionAge: Sendable, Hashable {
  enum Action: Sendable, Hashable {
    case none
    /// Take no more calls, and let those under way finish.
    case drain
    /// The calls under way have had their time.
    case close
  }

  /// How far an age may lie from the one configured, as a part of it: connections made together do not end together.
  private static let jitter = 0.1

  private let grace: TimeAmount?
  private var drainsAt: NIODeadline?
  private var closesAt: NIODeadline?

  /// - Parameter grace: how long calls may take from the drain on; nil lets them take as long as they need.
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

  /// What to do at ``nextCheck``.
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

  /// When to look; nil when there is nothing more to come.
  var nextCheck: NIODeadline? { drainsAt ?? closesAt }
}
