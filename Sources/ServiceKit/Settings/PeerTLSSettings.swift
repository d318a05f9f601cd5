public import RPC

/// How a service encrypts its calls to other services; not at all unless it is told to.
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
