internal import NIOSSL

/// The files that prove who this process is: PEM, as certificate authorities hand them out.
public struct TLSIdentityFiles: Sendable, Hashable {
  /// The certificate, followed by those that lead to the authority.
  public var certificateChain: String
  /// The certificate's private key, not encrypted.
  public var privateKey: String

  /// Names the files by their paths.
  public init(certificateChain: String, privateKey: String) {
    self.certificateChain = certificateChain
    self.privateKey = privateKey
  }

  func load() throws -> (chain: [NIOSSLCertificateSource], key: NIOSSLPrivateKeySource) {
    let chain = try NIOSSLCertificate.fromPEMFile(certificateChain).map { NIOSSLCertificateSource.certificate($0) }
    return (chain, .privateKey(try NIOSSLPrivateKey(file: privateKey, format: .pem)))
  }
}
