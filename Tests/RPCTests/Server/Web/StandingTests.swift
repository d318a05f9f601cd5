import NIOCore
import NIOEmbedded
import TestAPI
import Testing

@testable import RPC

@Suite("Standing on the internet: who calls, how often, and what goes first")
struct StandingTests {
  private static let whoCalls = Scripted.unary("Who") { _, context in Scripted.Response(text: context.peer.address) }

  private func answer(_ text: String, web: WebConfiguration, limits: ServerLimits = .defaults) async throws -> String {
    var answer = ""
    try await withWebServer([Self.whoCalls], web: web, limits: limits) { address in
      let client = try await WebClient(address)
      try await client.send(text)
      answer = try await client.receive()
    }
    return answer
  }

  // MARK: Behind proxies

  @Test(
    "The client is the last entry that is no proxy's own",
    arguments: [
      (["9.9.9.9, 192.0.2.7, 10.0.0.2"], "192.0.2.7"), (["192.0.2.7"], "192.0.2.7"), (["192.0.2.7:4711"], "192.0.2.7"),
      (["[2001:db8::1]:4711"], "2001:db8::1"), (["2001:DB8:0::1"], "2001:db8::1"),
      (["192.0.2.7", "10.0.0.2"], "192.0.2.7"),
      (["10.0.0.1, 10.0.0.2"], "10.0.0.1"), (["::ffff:192.0.2.7"], "192.0.2.7"), (["unknown, 10.0.0.2"], "10.0.0.2"),
      (["nonsense"], nil), ([""], nil), ([], nil), (["9.9.9.9, nonsense"], nil),
    ] as [([String], String?)]
  )
  func forwardedFor(_ values: [String], _ client: String?) throws {
    let proxies = ForwardedAddress(trusted: [try #require(AddressRange("10.0.0.0/8"))])
    #expect(proxies.client(forwarded: [], forwardedFor: values)?.text == client)
  }

  @Test(
    "Forwarded counts before X-Forwarded-For",
    arguments: [
      ("for=192.0.2.7;proto=https, for=10.0.0.2", "192.0.2.7"), ("For=\"[2001:db8::1]:4711\"", "2001:db8::1"),
      ("proto=https;for=192.0.2.7", "192.0.2.7"), ("for=_hidden", nil), ("proto=https", nil),
    ] as [(String, String?)]
  )
  func forwarded(_ value: String, _ client: String?) throws {
    let proxies = ForwardedAddress(trusted: [try #require(AddressRange("10.0.0.0/8"))])
    #expect(proxies.client(forwarded: [value], forwardedFor: ["9.9.9.9"])?.text == client)
  }

  @Test("Only a trusted proxy is believed")
  func trust() async throws {
    let request = WebClient.post("Who", "{}", "connection: close", "x-forwarded-for: 192.0.2.7")
    var web = WebConfiguration.defaults
    #expect(try await answer(request, web: web).contains("\"127.0.0.1:"))
    web.trustedProxies = [try #require(AddressRange("127.0.0.1"))]
    #expect(try await answer(request, web: web).hasSuffix("{\"text\":\"192.0.2.7\"}"))
    web.trustedProxies = [try #require(AddressRange("192.0.2.0/24"))]
    #expect(try await answer(request, web: web).contains("\"127.0.0.1:"))
  }

  @Test(
    "Ranges of addresses",
    arguments: [
      ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("192.0.2.128/25", "192.0.2.127", false),
      ("192.0.2.128/25", "192.0.2.200", true), ("0.0.0.0/0", "1.2.3.4", true),
      ("2001:db8::/33", "2001:db8:7fff::1", true),
      ("2001:db8::/33", "2001:db8:8000::1", false), ("::1", "::1", true), ("10.0.0.1", "::1", false),
    ]
  )
  func ranges(_ range: String, _ address: String, _ isInside: Bool) throws {
    #expect(try #require(AddressRange(range)).contains(try #require(IPAddress(address))) == isInside)
  }

  @Test(
    "What is no range is none",
    arguments: ["", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0/8", "a", "10.0.0.0/8/8", "/8"]
  )
  func noRange(_ text: String) { #expect(AddressRange(text) == nil) }

  // MARK: PROXY protocol

  private static let signature: [UInt8] = [0x0d, 0x0a, 0x0d, 0x0a, 0, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a]
  private static let ofClient = signature + [0x21, 0x11, 0, 12, 192, 0, 2, 7, 10, 0, 0, 1, 0x12, 0x67, 0, 80]

  /// Feeds bytes in pieces, and returns the client and what comes out.
  private func read(_ bytes: [UInt8], pieceBytes: Int) throws -> (client: String?, rest: [UInt8], isOpen: Bool) {
    var client: String?
    let channel = EmbeddedChannel(handler: ProxyProtocol { client = "\($0.text) \($1)" })
    channel.connect(to: try SocketAddress(unixDomainSocketPath: "/test"), promise: nil)
    var rest = bytes[...]
    while !rest.isEmpty, channel.isActive {
      try channel.writeInbound(ByteBuffer(bytes: rest.prefix(pieceBytes)))
      rest = rest.dropFirst(pieceBytes)
      channel.embeddedEventLoop.run()
    }
    var received: [UInt8] = []
    while let buffer = try channel.readInbound(as: ByteBuffer.self) { received += Array(buffer: buffer) }
    let isOpen = channel.isActive
    _ = try? channel.finish()
    return (client, received, isOpen)
  }

  @Test("The header names the client, however it is split, and the rest goes on", arguments: [1, 5, 1000])
  func header(_ pieceBytes: Int) throws {
    let result = try read(Self.ofClient + [1, 2, 3], pieceBytes: pieceBytes)
    #expect(result.client == "192.0.2.7 4711")
    #expect(result.rest == [1, 2, 3])
  }

  @Test("A proxy's own check has no client")
  func local() throws {
    let result = try read(Self.signature + [0x20, 0, 0, 0, 9], pieceBytes: 1000)
    #expect(result.client == nil && result.rest == [9] && result.isOpen)
  }

  @Test(
    "Anything else ends the connection",
    arguments: [
      Array("GET / HTTP/1.1\r\n".utf8), signature + [0x11, 0x11, 0, 12], signature + [0x21, 0x11, 0, 4, 1, 2, 3, 4],
      signature + [0x21, 0x11, 0xff, 0xff],
    ]
  )
  func notAHeader(_ bytes: [UInt8]) throws { #expect(!(try read(bytes, pieceBytes: 1000).isOpen)) }

  // MARK: Rates

  @Test("An address has a burst and then a rate; others have their own")
  func rate() throws {
    let rates = AddressRates(AddressRate(callsPerSecond: 10, burst: 3))
    let (one, other) = (try #require(IPAddress("192.0.2.1")), try #require(IPAddress("192.0.2.2")))
    let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
    for _ in 0..<3 { #expect(rates.take(one, now: start) == nil) }
    #expect(rates.take(one, now: start) == .milliseconds(100))
    #expect(rates.take(other, now: start) == nil)
    #expect(rates.take(one, now: start + .milliseconds(100)) == nil)
    #expect(rates.take(one, now: start + .milliseconds(150)) != nil)
  }

  @Test("Addresses that call no more are forgotten")
  func forgetting() throws {
    let rates = AddressRates(AddressRate(callsPerSecond: 1000, burst: 1))
    let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
    for number in 0..<100_000 {
      let bytes = [10, UInt8(number >> 16), UInt8(number >> 8 & 0xff), UInt8(number & 0xff)]
      _ = rates.take(IPAddress(bytes: bytes), now: start + .milliseconds(Int64(number)))
    }
    #expect(rates.count < 10_000)
  }

  @Test("A client behind a proxy that calls too often is 429 and learns when to come again; another is served")
  func tooMany() async throws {
    var web = WebConfiguration.defaults
    web.trustedProxies = [try #require(AddressRange("127.0.0.1"))]
    web.addressRate = AddressRate(callsPerSecond: 1, burst: 2)
    func request(_ client: String, _ more: String = "x-y: z") -> String {
      WebClient.post("Who", "{}", "x-forwarded-for: \(client)", more)
    }
    let answer = try await answer(
      String(repeating: request("192.0.2.7"), count: 3) + request("192.0.2.8", "connection: close"),
      web: web
    )
    #expect(answer.split(separator: "HTTP/1.1 200 OK").count == 3, "\(answer)")
    #expect(answer.contains("HTTP/1.1 429 Too Many Requests\r\n"))
    #expect(answer.contains("retry-after: 1\r\n"))
    #expect(answer.contains("TOO_MANY_CALLS"))
  }

  // MARK: Priorities

  @Test("Under load browsing is refused first, then everything but checkouts")
  func priorities() async throws {
    let names = ["Browse", "Work", "Pay"]
    let started = Flag()
    let release = Flag()
    let holding = Scripted.unary("Hold") { _, _ in
      if !started.isRaised { started.raise() }
      await release.wait()
      return Scripted.Response()
    }
    var limits = ServerLimits.defaults
    limits.callsInFlightMaximum = 10
    let prefix = "\(Scripted.serviceDescriptor.fullName)/"
    limits.priorityByMethod = [prefix + "Browse": .browsing, prefix + "Work": .normal, prefix + "Pay": .checkout]
    let methods = [holding] + names.map { name in Scripted.unary(name) { _, _ in Scripted.Response() } }
    try await withServerAndClient(methods, limits: limits) { client in
      var held: [WireStream] = []
      func accepted(holding count: Int) async throws -> [String] {
        while held.count < count {
          let stream = try await client.open(WireClient.headers(Scripted.path("Hold")))
          try await stream.send(FrameHeader.frame([]), endStream: true)
          held.append(stream)
        }
        try await client.roundTrip()
        var accepted: [String] = []
        for name in names where try await client.status(Scripted.path(name), Scripted.Request()) == .ok {
          accepted.append(name)
        }
        return accepted
      }
      #expect(try await accepted(holding: 6) == names)
      #expect(try await accepted(holding: 7) == ["Work", "Pay"])
      #expect(try await accepted(holding: 9) == ["Pay"])
      #expect(try await accepted(holding: 10) == [])
      release.raise()
      for stream in held { try await stream.closed() }
    }
  }
}
