import Foundation
import NIOSSL
import SeededRandomness
import SwiftASN1
import Testing
import X509

@testable import RPC

@Suite("Names of a certificate")
struct CertificateNamesTests {
  private static func certificate(
    _ name: String,
    dnsNames: [String] = ["localhost"],
    uris: [String] = []
  ) throws -> [UInt8] {
    let authority = try TestCertificates()
    defer { try? FileManager.default.removeItem(at: authority.folder) }
    let files = try authority.issue(name, dnsNames: dnsNames, uris: uris, addresses: [[127, 0, 0, 1]])
    return try #require(NIOSSLCertificate.fromPEMFile(files.certificateChain).first).toDERBytes()
  }

  @Test(
    "are read as swift-certificates reads them",
    arguments: ["till", "收银台 7", "a.example", String(repeating: "x", count: 64)]
  )
  func names(_ name: String) throws {
    let dnsNames = ["localhost", "*.chain.example", "till-7.chain.example"]
    let bytes = try Self.certificate(name, dnsNames: dnsNames, uris: ["spiffe://chain/till/7"])
    let names = try CertificateNames(derEncoded: bytes)
    #expect(names.commonName == name)
    #expect(names.dnsNames == dnsNames)
    #expect(names.uris == ["spiffe://chain/till/7"])
    let peer = try Certificate(derEncoded: bytes)
    #expect(peer.subject.description.contains(name))
    #expect(try peer.extensions.subjectAlternativeNames?.count == 5)
  }

  @Test("are none without alternative names")
  func none() throws {
    let names = try CertificateNames(derEncoded: Self.certificate("till", dnsNames: []))
    #expect(names.commonName == "till")
    #expect(names.dnsNames.isEmpty && names.uris.isEmpty)
  }

  @Test("of bytes that are cut or changed are read or refused, never trapped on", arguments: SeededRandom.several)
  func damaged(_ random: SeededRandom) throws {
    var random = random
    let bytes = try Self.certificate("till", uris: ["spiffe://chain/till"])
    for length in 0..<bytes.count { _ = try? CertificateNames(derEncoded: Array(bytes.prefix(length))) }
    for _ in 0..<2_000 {
      var changed = bytes
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        changed[Int.random(in: 0..<changed.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      _ = try? CertificateNames(derEncoded: changed)
    }
    #expect(throws: (any Error).self) { try CertificateNames(derEncoded: Array(bytes.prefix(bytes.count / 2))) }
  }
}
