import Crypto
import Foundation
import SwiftASN1
import X509

@testable import RPC

/// A certificate authority of the test in a temporary folder.
struct TestCertificates {
  let folder: URL
  private let key = P256.Signing.PrivateKey()
  private let certificate: Certificate

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("patron-tls-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let name = try DistinguishedName { CommonName("Test Authority") }
    certificate = try Certificate(
      version: .v3,
      serialNumber: Certificate.SerialNumber(),
      publicKey: .init(key.publicKey),
      notValidBefore: .now - 3600,
      notValidAfter: .now + 86_400,
      issuer: name,
      subject: name,
      signatureAlgorithm: .ecdsaWithSHA256,
      extensions: try Certificate.Extensions {
        Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
        Critical(KeyUsage(keyCertSign: true))
      },
      issuerPrivateKey: .init(key)
    )
    try certificate.serializeAsPEM().pemString.write(toFile: authorities, atomically: true, encoding: .utf8)
  }

  /// The file with the authority's certificate.
  var authorities: String { folder.appendingPathComponent("authorities.pem").path }

  /// Issues a certificate. A repeated name replaces the files of the old one.
  @discardableResult
  func issue(_ name: String, dnsNames: [String] = ["localhost"], uris: [String] = [], addresses: [[UInt8]] = []) throws
    -> TLSIdentityFiles
  {
    let subjectKey = P256.Signing.PrivateKey()
    let names =
      dnsNames.map(GeneralName.dnsName) + uris.map(GeneralName.uniformResourceIdentifier)
      + addresses.map { .ipAddress(ASN1OctetString(contentBytes: $0[...])) }
    let issued = try Certificate(
      version: .v3,
      serialNumber: Certificate.SerialNumber(),
      publicKey: .init(subjectKey.publicKey),
      notValidBefore: .now - 3600,
      notValidAfter: .now + 86_400,
      issuer: certificate.subject,
      subject: try DistinguishedName { CommonName(name) },
      signatureAlgorithm: .ecdsaWithSHA256,
      extensions: try Certificate.Extensions {
        Critical(BasicConstraints.notCertificateAuthority)
        SubjectAlternativeNames(names)
      },
      issuerPrivateKey: .init(key)
    )
    let files = TLSIdentityFiles(
      certificateChain: folder.appendingPathComponent("\(name).pem").path,
      privateKey: folder.appendingPathComponent("\(name).key").path
    )
    try issued.serializeAsPEM().pemString.write(toFile: files.certificateChain, atomically: true, encoding: .utf8)
    try subjectKey.pemRepresentation.write(toFile: files.privateKey, atomically: true, encoding: .utf8)
    return files
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }
}
