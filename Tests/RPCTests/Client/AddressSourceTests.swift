import NIOCore
import NIOEmbedded
import Testing

@testable import RPC

@Suite("Looking up the addresses of a channel")
struct AddressSourceTests {
  /// A source with a clock that the test sets, and its results.
  private final class Fixture {
    let loop = EmbeddedEventLoop()
    let names: ScriptedResolver
    let source: AddressSource
    var delivered: [Result<[SocketAddress], RPCError>] = []

    init(
      _ target: String = "dns:///members:1",
      ports: [Int]? = [1],
      configuration: ResolutionConfiguration = .defaults
    ) throws {
      names = ScriptedResolver(try ports.map(Self.addresses))
      var backoff = BackoffConfiguration.defaults
      backoff.jitter = 0
      source = AddressSource(
        target: try ChannelTarget(parsing: target),
        resolver: names.resolver,
        backoff: backoff,
        configuration: configuration,
        eventLoop: loop
      )
    }

    static func addresses(_ ports: [Int]) throws -> [SocketAddress] {
      try ports.map { try SocketAddress(ipAddress: "127.0.0.1", port: $0) }
    }

    func start() {
      source.startIfNeeded { [unowned self] in delivered.append($0) }
    }

    func pass(_ seconds: Int64) { loop.advanceTime(by: .seconds(seconds)) }
  }

  @Test("nothing is looked up before the first use, and then once")
  func lazy() throws {
    let fixture = try Fixture()
    #expect(fixture.names.lookUps == 0)
    fixture.start()
    fixture.start()
    #expect(fixture.names.lookUps == 1)
    #expect(fixture.delivered.count == 1)
    fixture.pass(100_000)
    #expect(fixture.names.lookUps == 1)
  }

  @Test("a lost connection has a name looked up again, but not more often than every 30 seconds")
  func minimumInterval() throws {
    let fixture = try Fixture()
    fixture.start()
    for _ in 0..<100 { fixture.source.refresh() }
    fixture.pass(29)
    #expect(fixture.names.lookUps == 1)
    fixture.pass(1)
    #expect(fixture.names.lookUps == 2)
    fixture.pass(60)
    #expect(fixture.names.lookUps == 2)
    fixture.source.refresh()
    #expect(fixture.names.lookUps == 3)
  }

  @Test("the least time between look-ups can be set")
  func settableInterval() throws {
    let fixture = try Fixture(configuration: .init(minimumInterval: .seconds(5)))
    fixture.start()
    fixture.source.refresh()
    fixture.pass(5)
    #expect(fixture.names.lookUps == 2)
  }

  @Test("with a period set, names are looked up without a cause")
  func period() throws {
    let fixture = try Fixture(configuration: .init(period: .seconds(60)))
    fixture.start()
    fixture.pass(59)
    #expect(fixture.names.lookUps == 1)
    fixture.pass(1)
    fixture.pass(60)
    #expect(fixture.names.lookUps == 3)
    #expect(fixture.delivered.count == 3)
  }

  @Test("while looking up fails it is tried again after growing pauses, and asking does not shorten them")
  func backsOff() throws {
    let fixture = try Fixture(ports: nil)
    fixture.start()
    guard case .failure(let error)? = fixture.delivered.first else { return #expect(Bool(false), "no failure") }
    #expect(error.code == .unavailable)
    #expect(error.message.contains("no such host"))
    fixture.source.refresh()
    #expect(fixture.names.lookUps == 1)
    fixture.pass(1)
    #expect(fixture.names.lookUps == 2)
    fixture.pass(1)
    #expect(fixture.names.lookUps == 2)
    fixture.names.answer(with: try Fixture.addresses([1]))
    fixture.pass(1)
    #expect(fixture.names.lookUps == 3)
    #expect(try fixture.delivered.last?.get().count == 1)
    fixture.pass(1000)
    #expect(fixture.names.lookUps == 3)
  }

  @Test("a name without addresses is a failure")
  func empty() throws {
    let fixture = try Fixture(ports: [])
    fixture.start()
    #expect(throws: RPCError.self) { try fixture.delivered.first?.get() }
    fixture.pass(1)
    #expect(fixture.names.lookUps == 2)
  }

  @Test("a sleeping channel looks nothing up; when it wakes it does, unless it did a moment ago")
  func suspends() throws {
    let fixture = try Fixture(configuration: .init(period: .seconds(60)))
    fixture.start()
    fixture.source.suspend()
    fixture.pass(10)
    fixture.source.refresh()
    #expect(fixture.names.lookUps == 1)
    fixture.start()
    #expect(fixture.names.lookUps == 1)
    fixture.pass(20)
    #expect(fixture.names.lookUps == 2)
    fixture.source.suspend()
    fixture.pass(1000)
    #expect(fixture.names.lookUps == 2)
    fixture.start()
    #expect(fixture.names.lookUps == 3)
  }

  @Test("a closed channel looks nothing up")
  func stops() throws {
    let fixture = try Fixture(ports: nil)
    fixture.start()
    fixture.source.stop()
    fixture.pass(1000)
    fixture.start()
    #expect(fixture.names.lookUps == 1)
  }

  @Test(
    "literal addresses and sockets are never looked up",
    arguments: [
      ("ipv4:127.0.0.1:1,127.0.0.2:2", 2), ("ipv6:[::1]:1,[::2]:2,[::3]:3", 3), ("127.0.0.1:1", 1), ("[::1]:1", 1),
      ("unix:/run/patron.sock", 1),
    ]
  )
  func literals(target: String, count: Int) throws {
    let fixture = try Fixture(target)
    fixture.start()
    #expect(try fixture.delivered.first?.get().count == count)
    fixture.source.refresh()
    fixture.pass(1000)
    #expect(fixture.names.lookUps == 0)
  }
}
