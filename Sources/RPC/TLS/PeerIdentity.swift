import NIOSSL

/// The identity of a peer in its verified certificate (mTLS).
public struct PeerIdentity: Sendable, Hashable {
  /// The subject's common name, if it has one.
  public var commonName: String?
  /// The DNS names among the subject's alternative names (RFC 5280 section 4.2.1.6).
  public var dnsNames: [String]
  /// The URIs among them, such as `spiffe://chain/till`.
  public var uris: [String]

  /// Makes an identity.
  public init(commonName: String? = nil, dnsNames: [String] = [], uris: [String] = []) {
    self.commonName = commonName
    self.dnsNames = dnsNames
    self.uris = uris
  }
}

extension PeerIdentity {
  /// Reads a verified certificate. Nil when it cannot be parsed.
  init?(_ certificate: NIOSSLCertificate) {
    guard let names = CertificateNames(certificate) else { return nil }
    self.init(commonName: names.commonName, dnsNames: names.dnsNames, uris: names.uris)
  }
}
