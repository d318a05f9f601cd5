import Foundation
import Logging
import NIOCore
import Synchronization
import TestAPI
import Testing

@testable import RPC

@Suite("TLS (row 17)")
struct TLSTests {
  typealias Request = Scripted.Request
  typealias Response = Scripted.Response

  /// A method that returns the caller's identity by its certificate.
  private static let whoAmI = Scripted.unary("WhoAmI") { _, context in
    let identity = context.peer.identity
    return Response(
      text: [identity?.commonName ?? "nobody"].joined() + (identity?.uris ?? []).map { " \($0)" }.joined()
    )
  }

  private static let whoAmIDescriptor = MethodDescriptor(
    service: Scripted.serviceDescriptor.fullName,
    name: "WhoAmI",
    kind: .unary
  )

  private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  private func withServer(
    _ tls: ServerTLS,
    address: ListenAddress = .tcp(host: "127.0.0.1", port: 0),
    _ body: (ListenAddress) async throws -> Void
  ) async throws {
    var configuration = ServerConfiguration(addresses: [address], eventLoopThreads: 1)
    configuration.tls = tls
    let server = Server(configuration: configuration, services: [Scripted(methods: [Self.whoAmI])], logger: Self.quiet)
    let addresses = try await server.start()
    do {
      try await body(addresses[0])
    } catch {
      await server.shutdown(grace: .zero)
      throw error
    }
    await server.shutdown(grace: .seconds(5))
  }

  private func ask(_ target: String, _ tls: ClientTLS?) async throws -> String {
    let channel = try Channel(
      target: target,
      configuration: ChannelConfiguration(closeGrace: .zero, tls: tls),
      logger: Self.quiet
    )
    do {
      let response: Response = try await channel.unary(
        Self.whoAmIDescriptor,
        Request(),
        options: CallOptions(timeout: .seconds(10))
      )
      await channel.close()
      return response.text
    } catch {
      await channel.close()
      throw error
    }
  }

  private func expect(_ answer: String, is expected: String) { #expect(answer == expected) }

  private func refusal(_ target: String, _ tls: ClientTLS?) async -> StatusCode? {
    do {
      _ = try await ask(target, tls)
      return nil
    } catch {
      return (error as? RPCError)?.code
    }
  }

  private static func port(_ address: ListenAddress) -> Int {
    guard case .tcp(_, let port) = address else { return 0 }
    return port
  }

  @Test(
    "A client that trusts the authority calls by name or by address, whichever the certificate has; one that does not is refused"
  )
  func server() async throws {
    let certificates = try TestCertificates()
    defer { certificates.remove() }
    try await withServer(ServerTLS(identity: try certificates.issue("server"))) { address in
      let trusting = ClientTLS(authorities: .file(certificates.authorities))
      try await expect(ask("localhost:\(Self.port(address))", trusting), is: "nobody")
      #expect(await refusal("localhost:\(Self.port(address))", ClientTLS()) == .unavailable)
      #expect(await refusal("localhost:\(Self.port(address))", nil) == .unavailable)
      var other = trusting
      other.serverName = "elsewhere.example"
      #expect(await refusal("localhost:\(Self.port(address))", other) == .unavailable)
      #expect(await refusal("ipv4:127.0.0.1:\(Self.port(address))", trusting) == .unavailable)
    }
    let byAddress = ServerTLS(identity: try certificates.issue("server", dnsNames: [], addresses: [[127, 0, 0, 1]]))
    try await withServer(byAddress) { address in
      let trusting = ClientTLS(authorities: .file(certificates.authorities))
      try await expect(ask("ipv4:127.0.0.1:\(Self.port(address))", trusting), is: "nobody")
    }
  }

  @Test("A certificate for the server's address does not stand in for the name that was asked for")
  func addressIsNoName() async throws {
    let certificates = try TestCertificates()
    defer { certificates.remove() }
    let identity = try certificates.issue("server", dnsNames: ["first.example"], addresses: [[127, 0, 0, 1]])
    try await withServer(ServerTLS(identity: identity)) { address in
      let target = "ipv4:127.0.0.1:\(Self.port(address))"
      var tls = ClientTLS(authorities: .file(certificates.authorities), serverName: "first.example")
      try await expect(ask(target, tls), is: "nobody")
      tls.serverName = "second.example"
      #expect(await refusal(target, tls) == .unavailable)
    }
  }

  @Test(
    "A certificate's name is taken as it is, in any case, or with a first label that is free",
    arguments: [
      ("a.example", "a.example", true), ("A.example.", "a.Example", true), ("a.b.example", "*.b.example", true),
      ("a.example", "b.example", false), ("a.b.c.example", "*.c.example", false), ("b.example", "*.b.example", false),
      ("a.example", "*.example.", false), ("a.example", "*", false), ("example", "*", false),
      ("ab.c.example", "a*.c.example", false), (".b.example", "*.b.example", false), ("", "", false),
    ]
  )
  func names(name: String, pattern: String, isMatch: Bool) {
    #expect(ServerNameCheck.matches(name, pattern) == isMatch)
  }

  @Test("With mTLS the handler knows who calls, and a client without a certificate gets nothing")
  func mutual() async throws {
    let certificates = try TestCertificates()
    defer { certificates.remove() }
    let tls = ServerTLS(
      identity: try certificates.issue("server"),
      clientCertificates: .required(authorities: certificates.authorities)
    )
    try await withServer(tls) { address in
      let target = "localhost:\(Self.port(address))"
      let till = try certificates.issue("till-7", dnsNames: [], uris: ["spiffe://chain/till/7"])
      let known = ClientTLS(authorities: .file(certificates.authorities), identity: till)
      try await expect(ask(target, known), is: "till-7 spiffe://chain/till/7")
      #expect(await refusal(target, ClientTLS(authorities: .file(certificates.authorities))) == .unavailable)
      let strangers = try TestCertificates()
      defer { strangers.remove() }
      let stranger = ClientTLS(authorities: .file(certificates.authorities), identity: try strangers.issue("till-7"))
      #expect(await refusal(target, stranger) == .unavailable)
    }
  }

  @Test("A new certificate serves new connections, while old ones go on; unusable files change nothing")
  func reload() async throws {
    let certificates = try TestCertificates()
    defer { certificates.remove() }
    let files = try certificates.issue("server", dnsNames: ["localhost", "first.example"])
    try await withServer(ServerTLS(identity: files, reloadInterval: .zero)) { address in
      let target = "localhost:\(Self.port(address))"
      var tls = ClientTLS(authorities: .file(certificates.authorities), serverName: "first.example")
      let old = try Channel(target: target, configuration: ChannelConfiguration(tls: tls), logger: Self.quiet)
      let _: Response = try await old.unary(Self.whoAmIDescriptor, Request(), options: CallOptions())

      try certificates.issue("server", dnsNames: ["second.example"])
      #expect(await refusal(target, tls) == .unavailable)
      tls.serverName = "second.example"
      try await expect(ask(target, tls), is: "nobody")
      try "no certificate".write(toFile: files.certificateChain, atomically: true, encoding: .utf8)
      try await expect(ask(target, tls), is: "nobody")

      let _: Response = try await old.unary(Self.whoAmIDescriptor, Request(), options: CallOptions())
      await old.close()
    }
  }

  @Test("Unix sockets are encrypted too, by a server name")
  func unixSocket() async throws {
    let certificates = try TestCertificates()
    defer { certificates.remove() }
    let path = certificates.folder.appendingPathComponent("s").path
    let tls = ServerTLS(identity: try certificates.issue("server"))
    try await withServer(tls, address: .unix(path: path)) { _ in
      let client = ClientTLS(authorities: .file(certificates.authorities), serverName: "localhost")
      try await expect(ask("unix:\(path)", client), is: "nobody")
    }
  }

  @Test("A server whose files cannot be used says which and does not start")
  func unusable() async throws {
    let files = TLSIdentityFiles(certificateChain: "/nowhere/chain.pem", privateKey: "/nowhere/key.pem")
    let error = await #expect(throws: RuntimeError.self) {
      try await withServer(ServerTLS(identity: files)) { _ in }
    }
    #expect(error?.message.contains("/nowhere/chain.pem") == true)
  }
}
