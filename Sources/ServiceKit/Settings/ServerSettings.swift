public import RPC

/// Where a service listens for calls, and what bounds them.
public struct ServerSettings: Sendable {
  /// The addresses of the RPC port.
  public let listen: [ListenAddress]
  /// Threads that serve connections; nil for one per core.
  public let eventLoopThreads: Int?
  /// The bounds of the server.
  public let limits: ServerLimits

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
    limits = Self.limits(settings)
  }

  private static func limits(_ settings: SettingsReader) -> ServerLimits {
    var limits = ServerLimits.defaults
    func count(_ name: String, _ value: inout Int, _ sentence: String) {
      value = settings.value("server.\(name)", default: value, in: 1...10_000_000, shared: true, sentence)
    }
    func size(_ name: String, _ value: inout Int, _ sentence: String) {
      let range = ByteCount.kibibytes(1)...ByteCount.mebibytes(1024)
      let read = settings.value(
        "server.\(name)",
        default: ByteCount(bytes: value),
        in: range,
        shared: true,
        sentence
      )
      value = read.bytes
    }
    count("connectionsMaximum", &limits.connectionsMaximum, "Connections at once; a further one is closed.")
    count("streamsMaximum", &limits.streamsMaximum, "Calls one connection may have open at once.")
    count(
      "runningHandlersMaximum",
      &limits.runningHandlersMaximum,
      "Handlers one connection may have running at once, reset calls included."
    )
    count("callsInFlightMaximum", &limits.callsInFlightMaximum, "Calls in flight on the whole server.")
    size("requestBytesMaximum", &limits.requestBytesMaximum, "Largest request message.")
    size("headerListBytesMaximum", &limits.headerListBytesMaximum, "Largest header list of a request.")
    limits.progressTimeout = settings.value(
      "server.progressTimeout",
      default: limits.progressTimeout,
      in: Duration.milliseconds(100)...Duration.seconds(3600),
      shared: true,
      "How long a stream may stand still in the middle of a message before it is ended."
    )
    limits.retryPushback = settings.value(
      "server.retryPushback",
      default: limits.retryPushback,
      in: Duration.zero...Duration.seconds(600),
      shared: true,
      "When a caller that was refused for load may come back."
    )
    return limits
  }
}
