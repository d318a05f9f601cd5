import Testing

@testable import RPC

@Suite("Request headers, without sockets (row 3)")
struct RequestHeadTests {
  private func head(_ changes: [String: String?] = [:], extra: [(String, String)] = []) throws -> RequestHead {
    let method = ServerMethod(descriptor: MethodDescriptor(service: "s", name: "m", kind: .unary)) { _ in }
    let table = try MethodTable([method], limits: .defaults)
    var fields = [(":method", "POST"), (":path", "/s/m"), ("te", "trailers"), ("content-type", "application/grpc")]
    fields = fields.compactMap { name, value in
      guard let change = changes[name] else { return (name, value) }
      return change.map { (name, $0) }
    }
    var head = RequestHead()
    var userAgents = UserAgentCache()
    for (name, value) in fields + extra {
      Array(name.utf8).withUnsafeBytes { name in
        Array(value.utf8).withUnsafeBytes { head.add(name, $0, methods: table, userAgents: &userAgents) }
      }
    }
    return head
  }

  @Test("A proper request names its method, content type and time-out")
  func proper() throws {
    guard case .call(let call) = try head(extra: [("grpc-timeout", "1S")]).verdict(isForWeb: false) else {
      Issue.record("refused")
      return
    }
    #expect(call.method?.method.descriptor.name == "m")
    #expect(call.format == .grpc)
    #expect(call.timeout == 1_000_000_000)
  }

  @Test(
    "Content types of gRPC",
    arguments: [
      ("application/grpc", true), ("application/grpc+proto", true), ("application/grpc;charset=utf-8", true),
      ("application/grpc+proto;x=y", true), ("application/grpc+json", false), ("application/grpc-web", false),
      ("application/grpc-web+proto", false), ("text/plain", false), ("", false), ("application/grp", false),
    ]
  )
  func contentType(_ value: String, _ isGRPC: Bool) throws {
    switch try head(["content-type": value]).verdict(isForWeb: false) {
    case .call: #expect(isGRPC)
    case .plain(let request): #expect(!isGRPC && request.status == 415)
    case .refused: Issue.record("refused")
    }
  }

  @Test("Custom fields and the user agent become metadata, reserved ones do not")
  func metadata() throws {
    let head = try head(extra: [
      ("user-agent", "u"), ("x", "1"), ("grpc-custom", "no"), ("grpc-accept-encoding", "gzip"), ("x", "2"),
      ("y-bin", "AQI"), ("content-length", "5"),
    ])
    #expect(head.metadata.map(\.key) == ["user-agent", "x", "x", "y-bin"])
    #expect(head.metadata[binary: "y-bin"] == [1, 2])
  }

  @Test("How often a call was sent before is passed to the handler")
  func previousAttempts() throws {
    let head = try head(extra: [("user-agent", "u"), ("grpc-previous-rpc-attempts", "2")])
    #expect(head.metadata["grpc-previous-rpc-attempts"] == "2")
  }

  @Test("An unknown path is logged, cut to a length")
  func unknownPath() throws {
    let head = try head([":path": "/" + String(repeating: "a", count: 1000)])
    #expect(head.unknownPath?.utf8.count == 256)
  }

  @Test("A header list that is too large is refused whatever else is in it")
  func tooLarge() throws {
    var head = try head([":method": "GET"])
    head.refuseTooLarge(limit: 16384)
    guard case .refused(let error, _) = head.verdict(isForWeb: false) else {
      Issue.record("accepted")
      return
    }
    #expect(error.code == .resourceExhausted)
    #expect(head.metadata.isEmpty)
  }

  @Test("Names are distinguished")
  func names() {
    func name(_ text: String) -> HeaderName { Array(text.utf8).withUnsafeBytes { HeaderName($0) } }
    #expect(name(":path") == .path)
    #expect(name(":foo") == .otherPseudo)
    #expect(name("grpc-timeout") == .timeout)
    #expect(name("grpc-foo") == .otherReserved)
    #expect(name("grpcfoo") == .custom)
    #expect(name("te") == .te)
    #expect(name("ten") == .custom)
    #expect(name("") == .custom)
  }
}
