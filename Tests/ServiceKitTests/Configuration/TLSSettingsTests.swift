import Foundation
import RPC
import Testing

@testable import ServiceKit

private struct Settings: SettingsGroup {
  let tls: TLSSettings
  let peerTLS: PeerTLSSettings

  init(_ settings: SettingsReader) {
    tls = TLSSettings(settings)
    peerTLS = PeerTLSSettings(settings)
  }
}

@Suite("TLS settings")
struct TLSSettingsTests {
  private func read(_ arguments: [String]) async throws -> Settings {
    try #require(await ServiceConfiguration<Settings>(service: "shop", arguments: arguments, environment: [:]).settings)
  }

  @Test("Nothing is encrypted unless files are named")
  func defaults() async throws {
    let settings = try await read([])
    #expect(settings.tls.server == nil)
    #expect(settings.peerTLS.client == nil)
  }

  @Test("Files for both sides")
  func files() async throws {
    let settings = try await read([
      "--tls-certificate-chain", "c", "--tls-private-key", "k", "--tls-client-authorities", "a",
      "--peer-tls-authorities", "system", "--peer-tls-certificate-chain", "c", "--peer-tls-private-key", "k",
    ])
    let identity = TLSIdentityFiles(certificateChain: "c", privateKey: "k")
    #expect(settings.tls.server == ServerTLS(identity: identity, clientCertificates: .required(authorities: "a")))
    #expect(settings.peerTLS.client == ClientTLS(authorities: .system, identity: identity))
  }

  @Test(
    "An incomplete pair is an error",
    arguments: [
      ["--tls-certificate-chain", "c"], ["--tls-private-key", "k"], ["--tls-client-authorities", "a"],
      ["--peer-tls-certificate-chain", "c"], ["--peer-tls-certificate-chain", "c", "--peer-tls-private-key", "k"],
    ]
  )
  func half(_ arguments: [String]) async {
    await #expect(throws: ConfigurationError.self) { try await read(arguments) }
  }
}
