import Testing

@testable import RPC

@Suite("Channel targets")
struct ChannelTargetTests {
  @Test(
    "every form is understood",
    arguments: [
      ("localhost:50051", ChannelTarget.Kind.dns(.init(host: "localhost", port: 50051))),
      ("dns:///loyalty.local:80", .dns(.init(host: "loyalty.local", port: 80))),
      ("dns:loyalty:80", .dns(.init(host: "loyalty", port: 80))),
      ("example.org", .dns(.init(host: "example.org", port: 443))),
      ("[::1]:50051", .dns(.init(host: "::1", port: 50051))),
      ("::1", .dns(.init(host: "::1", port: 443))),
      (
        "ipv4:192.0.2.1:1,192.0.2.2:2",
        .addresses([.init(host: "192.0.2.1", port: 1), .init(host: "192.0.2.2", port: 2)])
      ),
      ("ipv6:[2001:db8::1]:5", .addresses([.init(host: "2001:db8::1", port: 5)])),
      ("ipv6:[::1]:1,[::2]", .addresses([.init(host: "::1", port: 1), .init(host: "::2", port: 443)])),
      ("unix:/run/patron.sock", .unixSocket(path: "/run/patron.sock")),
      ("unix:///run/patron.sock", .unixSocket(path: "/run/patron.sock")),
      ("unix:patron.sock", .unixSocket(path: "patron.sock")),
    ]
  )
  func parses(text: String, kind: ChannelTarget.Kind) throws {
    #expect(try ChannelTarget(parsing: text).kind == kind)
  }

  @Test(
    "an invalid target is refused",
    arguments: [
      "", ":80", "host:", "host:0", "host:65536", "host:abc", "xds:///service", "dns://8.8.8.8/host:1", "unix:",
      "unix://run/patron.sock", "unix-abstract:patron", "ipv4:", "ipv4:host:1", "ipv4:1.2.3.4:1,", "ipv6:1.2.3.4:1",
      "[::1", "[::1]80", "http://host:1",
    ]
  )
  func refuses(text: String) {
    #expect(throws: ChannelTarget.ParseError.self) { try ChannelTarget(parsing: text) }
  }

  @Test("metrics see a URI with a scheme, servers an authority")
  func names() throws {
    let target = try ChannelTarget(parsing: "[::1]:50051")
    #expect(target.description == "dns:///[::1]:50051")
    #expect(target.authority == "[::1]:50051")
    #expect(try ChannelTarget(parsing: "unix:/a").authority == "localhost")
  }
}
