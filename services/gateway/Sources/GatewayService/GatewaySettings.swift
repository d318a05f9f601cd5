public import ServiceKit

/// The settings of the gateway, beside those that every service has.
public struct GatewaySettings: SettingsGroup {
  /// Where members answers.
  public let members: PeerSettings
  /// Where loyalty answers.
  public let loyalty: PeerSettings
  /// Where campaigns answers.
  public let campaigns: PeerSettings
  /// Where feedback answers.
  public let feedback: PeerSettings
  /// Limits of single calls.
  public let limits: CallLimits

  public init(_ settings: SettingsReader) {
    members = PeerSettings(settings, peer: "members", defaultAddress: "dns:///localhost:7401")
    loyalty = PeerSettings(settings, peer: "loyalty", defaultAddress: "dns:///localhost:7402")
    campaigns = PeerSettings(settings, peer: "campaigns", defaultAddress: "dns:///localhost:7403")
    feedback = PeerSettings(settings, peer: "feedback", defaultAddress: "dns:///localhost:7404")
    limits = CallLimits(settings)
  }
}

/// Limits of single calls.
public struct CallLimits: SettingsGroup {
  /// How many pages of a member's coupons are looked through for usable ones when a till identifies the member.
  public let couponPagesMaximum: Int

  /// How long giving coupons back may take after a sale was refused. They free themselves later if it fails.
  public let releaseTimeout: Duration

  /// Limits for a gateway that is made without settings.
  init(couponPagesMaximum: Int = 4, releaseTimeout: Duration = .seconds(1)) {
    self.couponPagesMaximum = couponPagesMaximum
    self.releaseTimeout = releaseTimeout
  }

  public init(_ settings: SettingsReader) {
    couponPagesMaximum = settings.value(
      "identify.couponPagesMaximum",
      default: 4,
      in: 1...100,
      "Pages of 500 coupons looked through for usable ones when a till identifies a member."
    )
    releaseTimeout = settings.value(
      "checkout.releaseTimeout",
      default: .seconds(1),
      in: .milliseconds(1) ... .seconds(60),
      "How long giving coupons back may take after a sale was refused."
    )
  }
}
