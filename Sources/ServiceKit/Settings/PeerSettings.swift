public import RPC

/// How a service reaches another one.
public struct PeerSettings: Sendable {
  /// The other service's name.
  public let peer: String
  /// Where it is, in the forms that ``RPC/ChannelTarget`` takes.
  public let address: String
  /// How long a call to it may take when the call being served leaves more.
  public let timeout: Duration
  /// Unary calls that may wait for it at once. A further one is UNAVAILABLE at once.
  public let callsMaximum: Int
  /// Failures in a row after which it is not called for ``failurePause``.
  public let failuresMaximum: Int
  /// How long it is not called then.
  public let failurePause: Duration

  /// How long a call may take unless the settings say otherwise.
  public static let defaultTimeout = Duration.seconds(10)

  /// A peer at an address.
  public init(
    peer: String,
    address: String,
    timeout: Duration = PeerSettings.defaultTimeout,
    callsMaximum: Int? = nil
  ) {
    self.peer = peer
    self.address = address
    self.timeout = timeout
    self.callsMaximum = callsMaximum ?? Self.defaultCallsMaximum
    failuresMaximum = Self.defaultFailuresMaximum
    failurePause = Self.defaultFailurePause
  }

  private static let defaultCallsMaximum = 4000
  private static let defaultFailuresMaximum = 50
  private static let defaultFailurePause = Duration.seconds(1)

  /// Reads the settings `<peer>.address` and `<peer>.timeout`.
  public init(_ settings: SettingsReader, peer: String, defaultAddress: String) {
    guard let defaultTarget = try? ChannelTarget(parsing: defaultAddress) else {
      preconditionFailure("\(defaultAddress) is not an address")
    }
    self.peer = peer
    let target = settings.value(
      "\(peer).address",
      default: defaultTarget,
      "Where \(peer) is: host:port, dns:///host:port, ipv4:…, ipv6:… or unix:/path. Calls are spread over all its addresses."
    )
    address = target.description
    timeout = settings.value(
      "\(peer).timeout",
      default: Self.defaultTimeout,
      in: Duration.milliseconds(1)...Duration.seconds(600),
      "Time limit of one call to \(peer); the caller's remaining time applies too."
    )
    callsMaximum = settings.value(
      "\(peer).callsMaximum",
      default: Self.defaultCallsMaximum,
      in: 1...1_000_000,
      "Unary calls that may wait for \(peer) at once; further ones are UNAVAILABLE."
    )
    failuresMaximum = settings.value(
      "\(peer).failuresMaximum",
      default: Self.defaultFailuresMaximum,
      in: 1...1_000_000,
      "Failures in a row after which \(peer) is not called for a while."
    )
    failurePause = settings.value(
      "\(peer).failurePause",
      default: Self.defaultFailurePause,
      in: Duration.milliseconds(10)...Duration.seconds(60),
      "How long \(peer) is not called then; one call tries afterwards."
    )
  }
}

extension ChannelTarget: SettingValue {
  /// `target`
  public static var settingKind: String { "target" }

  /// Reads any form a channel can connect to.
  public init(settingText: String) throws(SettingMalformed) {
    do {
      try self.init(parsing: settingText)
    } catch {
      throw SettingMalformed("must be host:port, dns:///host:port, ipv4:…, ipv6:… or unix:/path")
    }
  }

  /// The target as a URI.
  public var settingText: String { description }
}

/// How a service encrypts its calls to other services; not at all by default.
public struct PeerTLSSettings: Sendable {
  /// What channels do; nil when calls go in the clear.
  public let client: ClientTLS?

  /// Reads the settings `peerTls.*`.
  public init(_ settings: SettingsReader) {
    let authorities = settings.optional(
      "peerTls.authorities",
      as: String.self,
      shared: true,
      "PEM file with the authorities that other services' certificates must lead to, or system for those of the operating "
        + "system; calls go in the clear when left out."
    )
    let identity = TLSIdentityFiles(
      settings,
      group: "peerTls",
      isShared: true,
      chain: "PEM file with the certificate that this service shows to others (mTLS).",
      key: "PEM file with that certificate's private key."
    )
    if identity != nil, authorities == nil { settings.report("peerTls.certificateChain needs peerTls.authorities") }
    client = authorities.map { authorities in
      ClientTLS(authorities: authorities == "system" ? .system : .file(authorities), identity: identity)
    }
  }
}
