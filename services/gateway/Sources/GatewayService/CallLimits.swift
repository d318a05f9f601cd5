public import ServiceKit

/// Limits of single calls.
public struct CallLimits: SettingsGroup {
  /// How far ahead of the gateway's clock a sale may have happened.
  public let clockAheadMaximum: Duration

  /// How many pages of a member's coupons are looked through for usable ones when a till identifies the member.
  public let couponPagesMaximum: Int

  /// How long giving coupons back may take after a sale was refused. They free themselves later if it fails.
  public let releaseTimeout: Duration

  /// Limits for a gateway that is made without settings.
  init(clockAheadMaximum: Duration = .seconds(300), couponPagesMaximum: Int = 4, releaseTimeout: Duration = .seconds(1))
  {
    self.clockAheadMaximum = clockAheadMaximum
    self.couponPagesMaximum = couponPagesMaximum
    self.releaseTimeout = releaseTimeout
  }

  public init(_ settings: SettingsReader) {
    clockAheadMaximum = settings.value(
      "checkout.clockAheadMaximum",
      default: .seconds(300),
      "How far ahead of the gateway's clock a sale may have happened."
    )
    couponPagesMaximum = settings.value(
      "identify.couponPagesMaximum",
      default: 4,
      in: 1...100,
      "Pages of 500 coupons looked through for usable ones when a till identifies a member."
    )
    releaseTimeout = settings.value(
      "checkout.releaseTimeout",
      default: .seconds(1),
      "How long giving coupons back may take after a sale was refused."
    )
  }
}
