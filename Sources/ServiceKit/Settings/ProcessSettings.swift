import Basics
public import RPC

/// Where the admin port listens: metrics and probes over HTTP/1.1.
public struct AdminSettings: Sendable {
  /// The address of the admin port.
  public let listen: ListenAddress

  /// Reads the group; `defaultPort` is the service's own.
  public init(_ settings: SettingsReader, defaultPort: Int) {
    listen = settings.value(
      "admin.listen",
      default: ListenAddress.tcp(host: "127.0.0.1", port: defaultPort),
      "Address of the admin port: /metrics, /healthz and /readyz over HTTP/1.1. Keep it off the internet."
    )
  }
}

/// What a service takes for the time of day.
public struct ClockSettings: SettingsGroup {
  /// How far its clock is behind the machine's. Not for use: a test sets it to see a service whose clock was set back.
  public let behind: Duration

  /// Reads the group.
  public init(_ settings: SettingsReader) {
    behind = settings.value(
      "clock.behind",
      default: .zero,
      in: Duration.zero...Duration.seconds(172_800),
      "For tests only: how far this service's clock is behind the machine's, as if somebody had set it back."
    )
  }

  /// The clock itself.
  var clock: WallClock { WallClock.system.setBack(by: behind) }
}

/// How a service stops.
public struct DrainSettings: SettingsGroup {
  /// How long health says NOT_SERVING before connections are asked to go away.
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
