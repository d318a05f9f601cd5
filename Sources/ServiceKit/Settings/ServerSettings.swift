public import RPC

/// Where a service listens for calls, what bounds them, and how long connections are kept.
public struct ServerSettings: Sendable {
  /// The addresses of the RPC port.
  public let listen: [ListenAddress]
  /// Threads that serve connections; nil for one per core.
  public let eventLoopThreads: Int?
  /// The bounds of the server.
  public let limits: ServerLimits
  /// How clients that are gone are found, and how often clients may ask.
  public let keepalive: ServerKeepalive
  /// How long a connection that works is kept.
  public let lifetime: ConnectionLifetime

  /// Reads the group; `defaultPort` is the service's own.
  public init(_ settings: SettingsReader, defaultPort: Int) {
    listen = settings.values(
      "listen",
      default: [ListenAddress.tcp(host: "127.0.0.1", port: defaultPort)],
      "Addresses to serve calls on: host:port or unix:/path, separated by commas."
    )
    if listen.isEmpty { settings.report("listen needs at least one address") }
    eventLoopThreads = settings.optional(
      "server.eventLoopThreads",
      as: Int.self,
      shared: true,
      "Threads that serve connections; one per core when left out."
    )
    if let eventLoopThreads, eventLoopThreads < 1 { settings.report("server.eventLoopThreads must be 1 or more") }
    limits = ServerLimits(settings)
    keepalive = ServerKeepalive(settings)
    lifetime = ConnectionLifetime(settings)
  }
}

extension ServerKeepalive {
  init(_ settings: SettingsReader) {
    self.init()
    ServerSetting.read(Self.settings, of: &self, settings)
  }

  private static var settings: [ServerSetting<ServerKeepalive>] {
    [
      .time("keepaliveTime", \.time, "How long a connection is silent before it is sent a PING; 0s sends none."),
      .time("keepaliveTimeout", \.timeout, "How long after the PING a silent connection is closed."),
      .time("clientPingInterval", \.clientPingInterval, "Shortest time between two PINGs of a client."),
      .flag(
        "permitsClientPingsWithoutCalls",
        \.permitsClientPingsWithoutCalls,
        "Whether clients without calls may send PINGs that often too; otherwise once in two hours."
      ),
      .count("clientPingStrikesMaximum", \.strikes, from: 0, "PINGs too early that are forgiven."),
    ]
  }

  /// The strikes that are forgiven, as a setting has them.
  private var strikes: Int {
    get { clientPingStrikesMaximum ?? 0 }
    set { clientPingStrikesMaximum = newValue }
  }
}

extension ConnectionLifetime {
  init(_ settings: SettingsReader) {
    self.init()
    ServerSetting.read(Self.settings, of: &self, settings)
  }

  private static var settings: [ServerSetting<ConnectionLifetime>] {
    [
      .time("connectionIdleMaximum", \.idleMaximum, "How long a connection may be without calls; 0s is for ever."),
      .time(
        "connectionAgeMaximum",
        \.ageMaximum,
        "How old a connection may become, give or take a tenth; 0s is for ever."
      ),
      .time("connectionAgeGrace", \.ageGrace, "How long the calls of one that is too old may go on; 0s is for ever."),
    ]
  }
}

extension ListenAddress: SettingValue {
  /// `address`
  public static var settingKind: String { "address" }

  private static let malformed = SettingMalformed(
    "must be host:port such as 127.0.0.1:7401 or [::1]:7401, or unix:/path/of/socket"
  )

  /// Reads `host:port` (IPv6 hosts in brackets, port 0 lets the system choose) or `unix:` with a path.
  public init(settingText: String) throws(SettingMalformed) {
    if settingText.hasPrefix("unix:") {
      let path = settingText.dropFirst("unix:".count)
      guard !path.isEmpty else { throw Self.malformed }
      self = .unix(path: String(path))
      return
    }
    guard let colon = settingText.lastIndex(of: ":") else { throw Self.malformed }
    let isBracketed = settingText.hasPrefix("[") && settingText[..<colon].hasSuffix("]")
    let host = isBracketed ? settingText[..<colon].dropFirst().dropLast() : settingText[..<colon]
    let port = Int(settingText[settingText.index(after: colon)...])
    guard let port, 0...65_535 ~= port, !host.isEmpty, isBracketed || !host.contains(":") else { throw Self.malformed }
    self = .tcp(host: String(host), port: port)
  }

  /// As it is read.
  public var settingText: String { description }
}
