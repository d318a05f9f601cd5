import Basics
import ServiceKit
import TillSimulation

/// A midnight that strikes when everything is ready for it, because the clock of the service that lives through it is set
/// back.
struct StagedMidnight: Sendable {
  /// When it strikes.
  let moment: ContinuousClock.Instant
  /// How far the service's clock is behind this machine's: whole seconds.
  let clockBehind: Duration
  private let lead: Duration

  private static let microsecondsPerSecond: Int64 = 1_000_000
  private static let secondsPerDay: Int64 = 86_400

  /// - Parameters:
  ///   - lastDay: The day that ends with it, in UTC, in days since 1970. Must be over.
  ///   - lead: How long from now it strikes, in whole seconds; it may be up to a second more.
  ///   - clock: This machine's clock.
  init(after lastDay: Int32, in lead: Duration, clock: WallClock = .system) {
    let now = clock.unixMicroseconds
    let nextSecond = now / Self.microsecondsPerSecond + 1
    let strike = nextSecond + lead.components.seconds
    moment = ContinuousClock.now + .microseconds(strike * Self.microsecondsPerSecond - now)
    clockBehind = .seconds(strike - (Int64(lastDay) + 1) * Self.secondsPerDay)
    self.lead = lead
  }

  /// The last day that is over, in UTC, in days since 1970.
  static func yesterday(by clock: WallClock = .system) -> Int32 {
    Int32(clock.unixMicroseconds / microsecondsPerSecond / secondsPerDay) - 1
  }

  /// What a service that is started from now on needs to live through it.
  ///
  /// The job's first turn begins when the service is ready and finds nothing; the second one begins after midnight, and
  /// soon. Members were told weeks ago what expires.
  var serviceSettings: [String: String] {
    [
      "PATRON_LOYALTY_PROGRAMME_TIME_ZONE": "UTC",
      "PATRON_LOYALTY_CLOCK_BEHIND": "\(clockBehind.components.seconds)s",
      "PATRON_LOYALTY_EXPIRY_INTERVAL": "\(lead.components.seconds + 1)s",
      "PATRON_LOYALTY_EXPIRY_NOTICE_DAYS": "0",
    ]
  }
}
