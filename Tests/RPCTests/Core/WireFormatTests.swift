import SeededRandomness
import Testing

@testable import RPC

@Suite("Percent-encoding of grpc-message")
struct PercentEncodingTests {
  @Test("Any text survives", arguments: SeededRandom.several)
  func roundTrip(_ random: SeededRandom) {
    var random = random
    let scalars = (0..<50).compactMap { _ in UnicodeScalar(UInt32.random(in: 0...0x10ffff, using: &random)) }
    let text = String(String.UnicodeScalarView(scalars))
    let encoded = PercentEncoding.encode(text)
    #expect(encoded.allSatisfy { $0 >= 0x20 && $0 <= 0x7e })
    #expect(PercentEncoding.decode(encoded) == text)
  }

  @Test("Printable ASCII but % stays as it is")
  func plain() { #expect(String(decoding: PercentEncoding.encode("a 100% ~"), as: UTF8.self) == "a 100%25 ~") }

  @Test(
    "Invalid sequences stand for themselves",
    arguments: [("%", "%"), ("a%4", "a%4"), ("%zz", "%zz"), ("%C3%A9", "é"), ("%c3%a9%", "é%"), ("%ff", "\u{fffd}")]
  )
  func lenient(_ encoded: String, _ decoded: String) { #expect(PercentEncoding.decode(encoded.utf8) == decoded) }
}

@Suite("grpc-timeout")
struct TimeoutTests {
  @Test(
    "Written in the finest unit that fits in eight digits, rounded up",
    arguments: [
      (0, "0n"), (1, "1n"), (99_999_999, "99999999n"), (100_000_000, "100000u"), (100_000_001, "100001u"),
      (5_000_000_000, "5000000u"), (100_000_000_000, "100000m"), (Int64.max, "2562048H"), (-5, "0n"),
    ]
  )
  func encode(_ nanoseconds: Int64, _ text: String) { #expect(Timeout.encode(nanoseconds: nanoseconds) == text) }

  @Test(
    "Read in every unit",
    arguments: [
      ("1n", Int64(1)), ("2u", 2_000), ("3m", 3_000_000), ("4S", 4_000_000_000), ("5M", 300_000_000_000),
      ("6H", 21_600_000_000_000), ("00000007n", 7), ("99999999H", Timeout.nanosecondsMaximum),
    ]
  )
  func decode(_ text: String, _ nanoseconds: Int64) { #expect(Timeout.decode(text) == nanoseconds) }

  @Test(
    "Anything else is refused",
    arguments: ["", "1", "n", "123456789n", "-1n", "+1n", "1 n", "1s", "1.5S", "1nn", "n1", "１n"]
  )
  func refused(_ text: String) { #expect(Timeout.decode(text) == nil) }
}

@Suite("traceparent")
struct TraceContextTests {
  static let example = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

  @Test("What is read is written the same")
  func roundTrip() throws {
    let context = try #require(TraceContext(traceparent: Self.example, state: "a=1"))
    #expect(context.traceparent == Self.example)
    #expect(context.isSampled)
    #expect(context.traceID.description == "4bf92f3577b34da6a3ce929d0e0e4736")
    #expect(context.state == "a=1")
  }

  @Test("A later version is read as far as the first goes")
  func laterVersion() {
    #expect(TraceContext(traceparent: "cc" + Self.example.dropFirst(2) + "-more")?.spanID == 0x00f0_67aa_0ba9_02b7)
  }

  @Test(
    "Malformed ones are refused",
    arguments: [
      "", "00", "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
      "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
      "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
      "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
      "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
      "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
      "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    ]
  )
  func malformed(_ text: String) { #expect(TraceContext(traceparent: text) == nil) }

  @Test("A child stays in the trace and has a name of its own")
  func child() throws {
    var random = SeededRandom(seed: 1)
    let parent = try #require(TraceContext(traceparent: Self.example, state: "a=1"))
    let child = parent.child(using: &random)
    #expect(child.traceID == parent.traceID)
    #expect(child.spanID != parent.spanID)
    #expect(child.flags == parent.flags)
    #expect(child.state == "a=1")
  }

  @Test("Span names of one generator do not repeat and are never zero")
  func spanRandom() {
    let random = SpanRandom(seed: 7)
    let names = (0..<10_000).map { _ in random.next() }
    #expect(Set(names).count == names.count)
  }
}
