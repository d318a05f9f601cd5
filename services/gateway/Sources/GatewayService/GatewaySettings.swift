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
