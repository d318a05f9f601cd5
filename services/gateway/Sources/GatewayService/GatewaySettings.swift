public import ServiceKit

/// The settings of the gateway alone.
public struct GatewaySettings: SettingsGroup {
  /// The address of members.
  public let members: PeerSettings
  /// The address of loyalty.
  public let loyalty: PeerSettings
  /// The address of campaigns.
  public let campaigns: PeerSettings
  /// The address of feedback.
  public let feedback: PeerSettings
  /// Limits of single calls.
  public let limits: CallLimits
  /// Whether the services' own methods are passed on.
  public let backOffice: BackOffice

  /// Reads the group.
  public init(_ settings: SettingsReader) {
    members = PeerSettings(settings, peer: "members", defaultAddress: "dns:///localhost:7401")
    loyalty = PeerSettings(settings, peer: "loyalty", defaultAddress: "dns:///localhost:7402")
    campaigns = PeerSettings(settings, peer: "campaigns", defaultAddress: "dns:///localhost:7403")
    feedback = PeerSettings(settings, peer: "feedback", defaultAddress: "dns:///localhost:7404")
    limits = CallLimits(settings)
    backOffice = settings.value(
      "backOffice",
      default: BackOffice.closed,
      "Whether the exposed methods of members, loyalty, campaigns and feedback are passed on, to whoever calls."
    )
  }
}

/// Limits of single calls.
public struct CallLimits: SettingsGroup {
  /// How many pages of a member's coupons are searched for usable ones when a till identifies the member.
  public var couponPagesMaximum: Int

  /// How long releasing coupons may take after a refused sale. They expire by themselves if it fails.
  public var releaseTimeout: Duration

  /// The documented defaults: 4 pages, 1 s.
  public init() {
    couponPagesMaximum = 4
    releaseTimeout = .seconds(1)
  }

  /// Reads the group.
  public init(_ settings: SettingsReader) {
    let defaults = CallLimits()
    couponPagesMaximum = settings.value(
      "identify.couponPagesMaximum",
      default: defaults.couponPagesMaximum,
      in: 1...100,
      "Pages of 500 coupons searched for usable ones when a till identifies a member."
    )
    releaseTimeout = settings.value(
      "checkout.releaseTimeout",
      default: defaults.releaseTimeout,
      in: .milliseconds(1) ... .seconds(60),
      "How long releasing coupons may take after a sale was refused."
    )
  }
}
