/// Which times a request may carry, by this service's clock: one rule for all services.
public struct RequestTimes: Sendable {
  /// How far from the clock they may be.
  public let settings: RequestTimeSettings
  private let clock: WallClock

  /// The times that `settings` allow by `clock`.
  public init(_ settings: RequestTimeSettings = RequestTimeSettings(), clock: WallClock) {
    self.settings = settings
    self.clock = clock
  }

  /// The latest moment that a request id or a sale may be dated, in microseconds since 1970.
  public var latest: Int64 { clock.unixMicroseconds + settings.aheadMaximum.wholeNanoseconds / 1_000 }

  /// The earliest moment that a request id may be dated, in microseconds since 1970: answers to older ones are not kept.
  public var oldestRequest: Int64 { clock.unixMicroseconds - settings.retention.wholeNanoseconds / 1_000 }

  /// The earliest moment that a sale may have happened, in microseconds since 1970.
  public var oldestSale: Int64 { clock.unixMicroseconds - settings.saleAgeMaximum.wholeNanoseconds / 1_000 }
}
