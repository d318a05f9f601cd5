import Basics
import Foundation
import Logging
import RPC
import Synchronization
import Testing

@testable import ServiceKit

@Suite("Log records")
struct ServiceLogHandlerTests {
  private final class Lines: Sendable {
    private let bytes = Mutex<[UInt8]>([])
    var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }
    var output: LogOutput { LogOutput { [self] line in bytes.withLock { $0 += line } } }
  }

  private func logger(_ lines: Lines, _ format: LogFormat, level: Logger.Level = .info) -> Logger {
    let handler = ServiceLogHandler(
      label: "shop",
      service: "members",
      level: level,
      format: format,
      clock: .fixed(unixMicroseconds: 1_709_210_096_000_007),
      output: lines.output
    )
    return Logger(label: "shop", factory: { _ in handler })
  }

  @Test("JSON is one valid object a line, whatever the values")
  func json() throws {
    let lines = Lines()
    logger(lines, .json).warning("line\nbreak \"quoted\" \u{1}", metadata: ["n": "1", "list": ["a", ["k": "v"]]])
    #expect(lines.text.split(separator: "\n").count == 1)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(lines.text.utf8)) as? [String: Any]
    )
    #expect(object["time"] as? String == "2024-02-29T12:34:56.000007Z")
    #expect(object["level"] as? String == "warning" && object["service"] as? String == "members")
    #expect(object["message"] as? String == "line\nbreak \"quoted\" \u{1}")
    #expect((object["list"] as? [Any])?.first as? String == "a")
  }

  @Test("Text for people is one line a record")
  func human() {
    let lines = Lines()
    logger(lines, .human).info("hello\nthere", metadata: ["b": "2", "a": "1"])
    #expect(lines.text == "12:34:56.000 INFO     shop: hello\\u{a}there a=1 b=2\n")
  }

  @Test("Less severe records are not written")
  func level() {
    let lines = Lines()
    logger(lines, .json, level: .error).warning("quiet")
    #expect(lines.text.isEmpty)
  }

  @Test("A record of a call being served carries its trace")
  func trace() {
    let lines = Lines()
    let context = ServerContext(method: MethodDescriptor(service: "s", name: "m", kind: .unary))
    context.trace = TraceContext(traceID: .init(high: 0x0AF7_6519_16CD_43DD, low: 0x8448_EB21_1C80_319C), spanID: 1)
    ServerContext.$current.withValue(context) { logger(lines, .json).info("served") }
    #expect(lines.text.contains("\"trace.id\":\"0af7651916cd43dd8448eb211c80319c\""))
  }
}
