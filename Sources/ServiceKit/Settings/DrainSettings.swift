/// How a service stops.
public struct DrainSettings: SettingsGroup {
  /// How long health says NOT_SERVING before connections are told to go away.
  public let notice: Duration
  /// How long calls that run may go on after that.
  public let grace: Duration

  /// Reads the group.
  public init(_ settings: SettingsReader) {
    notice = settings.value(
      "drain.notice",
      default: .zero,
      in: Duration.zero...Duration.seconds(300),
      shared: true,
      "On SIGTERM: how long health already says NOT_SERVING while calls are still taken, so that balancers notice."
    )
    grace = settings.value(
      "drain.grace",
      default: .seconds(20),
      in: Duration.zero...Duration.seconds(3600),
      shared: true,
      "On SIGTERM: how long running calls may go on before they are cancelled. A second signal ends at once."
    )
  }
}
