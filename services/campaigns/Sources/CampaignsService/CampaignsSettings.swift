public import ServiceKit

/// The settings of campaigns.
public struct CampaignsSettings: SettingsGroup {
  /// The address of loyalty.
  public let loyalty: PeerSettings
  /// The address of members.
  public let members: PeerSettings
  /// The settings of reservations.
  public let reservations: ReservationSettings
  /// The settings of suspended members.
  public let suspended: SuspendedSettings

  /// Reads the group.
  public init(_ settings: SettingsReader) {
    loyalty = PeerSettings(settings, peer: "loyalty", defaultAddress: "dns:///localhost:7402")
    members = PeerSettings(settings, peer: "members", defaultAddress: "dns:///localhost:7401")
    reservations = ReservationSettings(settings)
    suspended = SuspendedSettings(settings)
  }
}

/// The settings of reservations.
public struct ReservationSettings: SettingsGroup {
  /// How long coupons are held when the caller does not say.
  public var timeToLive: Duration
  /// How often expired reservations are searched.
  public var scanInterval: Duration
  /// How many of them are claimed at a time.
  public var scanBatch: Int
  /// How long to wait before asking loyalty again about a reservation that could not be settled.
  public var retryInterval: Duration
  /// The longest such wait. It doubles each time that loyalty is asked about the same reservation.
  public var retryMaximum: Duration
  /// How far a till's clock may be behind this service's. A coupon can be used on sales that seem to have happened as
  /// long before it was issued.
  public var tillClockBehindMaximum: Duration

  /// The documented defaults: 2 minutes, 5 s, 100, 30 s, 1 hour, 5 minutes.
  public init() {
    timeToLive = .seconds(120)
    scanInterval = .seconds(5)
    scanBatch = 100
    retryInterval = .seconds(30)
    tillClockBehindMaximum = .seconds(300)
    retryMaximum = .seconds(3_600)
  }

  /// Reads the group.
  public init(_ settings: SettingsReader) {
    let defaults = ReservationSettings()
    timeToLive = settings.value(
      "reservation.timeToLive",
      default: defaults.timeToLive,
      in: .seconds(1) ... .seconds(3_600),
      "How long coupons are held for an order when the caller does not say."
    )
    scanInterval = settings.value(
      "reservation.scanInterval",
      default: defaults.scanInterval,
      in: .milliseconds(10) ... .seconds(600),
      "How often expired reservations are searched and settled."
    )
    scanBatch = settings.value(
      "reservation.scanBatch",
      default: defaults.scanBatch,
      in: 1...10_000,
      "How many expired reservations are claimed at a time."
    )
    retryInterval = settings.value(
      "reservation.retryInterval",
      default: defaults.retryInterval,
      in: .milliseconds(10) ... .seconds(3_600),
      "Wait before asking loyalty again about a reservation that could not be settled; doubled each time."
    )
    tillClockBehindMaximum = settings.value(
      "coupons.tillClockBehindMaximum",
      default: defaults.tillClockBehindMaximum,
      in: .zero ... .seconds(3_600),
      "How long before a coupon's issue a sale may seem to have happened: tills' clocks may be behind."
    )
    retryMaximum = settings.value(
      "reservation.retryMaximum",
      default: defaults.retryMaximum,
      in: .milliseconds(10) ... .seconds(86_400),
      "Longest wait before asking loyalty again about a reservation that could not be settled."
    )
    if retryMaximum < retryInterval {
      settings.report("reservation.retryMaximum must be at least reservation.retryInterval")
    }
  }
}

/// The settings of suspended members.
public struct SuspendedSettings: SettingsGroup {
  /// Whether they may get and use coupons.
  public var coupons: SuspendedCoupons

  /// Makes the documented default: refused.
  public init() {
    coupons = .refused
  }

  /// Reads the group.
  public init(_ settings: SettingsReader) {
    coupons = settings.value(
      "suspended.coupons",
      default: SuspendedSettings().coupons,
      "Whether suspended members get coupons and may use them."
    )
  }
}

extension SuspendedCoupons: SettingValue {}
