public import RPC

/// How a service encrypts the connections it takes; not at all unless a certificate is named.
public struct TLSSettings: Sendable {
  /// What the server does; nil without a certificate.
  public let server: ServerTLS?

  /// Reads the settings `tls.*`.
  public init(_ settings: SettingsReader) {
    let chain = settings.optional(
      "tls.certificateChain",
      as: String.self,
      "PEM file with the certificate that callers see, then those leading to its authority; calls come in the clear when "
        + "left out. A changed file holds for new connections."
    )
    let key = settings.optional(
      "tls.privateKey",
      as: String.self,
      "PEM file with the certificate's private key."
    )
    let authorities = settings.optional(
      "tls.clientAuthorities",
      as: String.self,
      "PEM file with the authorities whose certificates callers must show (mTLS); none are asked for when left out."
    )
    if (chain == nil) != (key == nil) { settings.report("tls.certificateChain and tls.privateKey need each other") }
    if authorities != nil, chain == nil { settings.report("tls.clientAuthorities needs tls.certificateChain") }
    guard let chain, let key else {
      server = nil
      return
    }
    server = ServerTLS(
      identity: TLSIdentityFiles(certificateChain: chain, privateKey: key),
      clientCertificates: authorities.map { .required(authorities: $0) } ?? .none
    )
  }
}

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
    let chain = settings.optional(
      "peerTls.certificateChain",
      as: String.self,
      shared: true,
      "PEM file with the certificate that this service shows to others (mTLS)."
    )
    let key = settings.optional(
      "peerTls.privateKey",
      as: String.self,
      shared: true,
      "PEM file with that certificate's private key."
    )
    if (chain == nil) != (key == nil) {
      settings.report("peerTls.certificateChain and peerTls.privateKey need each other")
    }
    if chain != nil, authorities == nil { settings.report("peerTls.certificateChain needs peerTls.authorities") }
    client = authorities.map { authorities in
      ClientTLS(
        authorities: authorities == "system" ? .system : .file(authorities),
        identity: chain.flatMap { chain in key.map { TLSIdentityFiles(certificateChain: chain, privateKey: $0) } }
      )
    }
  }
}
