public import RPC

/// How a service encrypts the connections it takes; not at all unless a certificate is named.
public struct TLSSettings: Sendable {
  /// What the server does; nil without a certificate.
  public let server: ServerTLS?

  /// Reads the settings `tls.*`.
  public init(_ settings: SettingsReader) {
    let identity = TLSIdentityFiles(
      settings,
      group: "tls",
      chain:
        "PEM file with the certificate that callers see, then those leading to its authority; calls come in the clear "
        + "when left out. A changed file holds for new connections.",
      key: "PEM file with the certificate's private key."
    )
    let authorities = settings.optional(
      "tls.clientAuthorities",
      as: String.self,
      "PEM file with the authorities whose certificates callers must show (mTLS); none are asked for when left out."
    )
    if authorities != nil, identity == nil { settings.report("tls.clientAuthorities needs tls.certificateChain") }
    server = identity.map { identity in
      ServerTLS(identity: identity, clientCertificates: authorities.map { .required(authorities: $0) } ?? .none)
    }
  }
}

extension TLSIdentityFiles {
  /// Reads the settings `<group>.certificateChain` and `<group>.privateKey`, which need each other; nil without them.
  init?(_ settings: SettingsReader, group: String, isShared: Bool = false, chain: String, key: String) {
    let chain = settings.optional("\(group).certificateChain", as: String.self, shared: isShared, chain)
    let key = settings.optional("\(group).privateKey", as: String.self, shared: isShared, key)
    if (chain == nil) != (key == nil) {
      settings.report("\(group).certificateChain and \(group).privateKey need each other")
    }
    guard let chain, let key else { return nil }
    self.init(certificateChain: chain, privateKey: key)
  }
}
