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
