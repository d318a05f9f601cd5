import NIOSSL
import SwiftASN1

/// What an X.509 certificate calls its owner (RFC 5280 sections 4.1.2.6 and 4.2.1.6).
///
/// NIOSSL has verified the certificate by then. For these three, every build would compile a library for the whole of X.509
/// and what that needs of cryptography.
struct CertificateNames {
  /// The subject's common name; the last if there are several.
  var commonName: String?
  /// The DNS names among the subject's alternative names.
  var dnsNames: [String] = []
  /// The URIs among them.
  var uris: [String] = []

  /// Reads a certificate; nil when it cannot be read.
  init?(_ certificate: NIOSSLCertificate) {
    guard let bytes = try? certificate.toDERBytes(), let names = try? CertificateNames(derEncoded: bytes) else {
      return nil
    }
    self = names
  }

  /// Reads a certificate.
  ///
  /// - Throws: what SwiftASN1 has against the bytes, or ``Malformed``.
  init(derEncoded bytes: [UInt8]) throws {
    guard let certificate = try DER.parse(bytes).children.first else { throw Malformed() }
    // TBSCertificate: version (left out in version 1), serial number, algorithm, issuer, validity, subject, key, extensions.
    var parts = certificate.children[...]
    if parts.first?.identifier == .tagged(0) { parts.removeFirst() }
    guard parts.count >= 6 else { throw Malformed() }
    try read(subject: parts[parts.startIndex + 4])
    for part in parts where part.identifier == .tagged(3) {
      for list in part.children {
        for element in list.children { try read(extension: element) }
      }
    }
  }

  struct Malformed: Error {}

  private mutating func read(subject: ASN1Node) throws {
    for attribute in subject.children.flatMap(\.children) {
      let parts = attribute.children
      guard parts.count == 2 else { throw Malformed() }
      if try ASN1ObjectIdentifier(derEncoded: parts[0]) == .commonName { commonName = parts[1].text }
    }
  }

  /// Extension: its id, whether it is critical (left out if it is not), its value as DER in an OCTET STRING.
  private mutating func read(extension element: ASN1Node) throws {
    let parts = element.children
    guard let id = parts.first, let value = parts.last, parts.count >= 2 else { throw Malformed() }
    guard try ASN1ObjectIdentifier(derEncoded: id) == .subjectAlternativeNames else { return }
    for name in try DER.parse(ASN1OctetString(derEncoded: value).bytes).children {
      switch name.identifier {
      case .tagged(2): if let text = name.text { dnsNames.append(text) }
      case .tagged(6): if let text = name.text { uris.append(text) }
      default: break
      }
    }
  }
}

extension ASN1ObjectIdentifier {
  /// id-at-commonName
  fileprivate static let commonName: ASN1ObjectIdentifier = [2, 5, 4, 3]
  /// id-ce-subjectAltName
  fileprivate static let subjectAlternativeNames: ASN1ObjectIdentifier = [2, 5, 29, 17]
}

extension ASN1Identifier {
  fileprivate static func tagged(_ number: UInt) -> ASN1Identifier {
    ASN1Identifier(tagWithNumber: number, tagClass: .contextSpecific)
  }
}

extension ASN1Node {
  /// The parts of a constructed value; none of a primitive one.
  fileprivate var children: [ASN1Node] {
    if case .constructed(let parts) = content { Array(parts) } else { [] }
  }

  /// The text of a string of one byte a character, or of UTF-8; nil of others.
  fileprivate var text: String? {
    if case .primitive(let bytes) = content { String(validating: bytes, as: UTF8.self) } else { nil }
  }
}
