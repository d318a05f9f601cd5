import Foundation
import Glibc
import Metrics
import RPC
import Testing

@testable import ServiceKit

@Suite("Admin port")
struct AdminServerTests {
  /// Sends one request over a real socket and returns the whole answer.
  private func ask(_ address: ListenAddress, _ request: String) throws -> String {
    guard case .tcp(_, let port) = address else { return "" }
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = in_port_t(port).bigEndian
    name.sin_addr.s_addr = inet_addr("127.0.0.1")
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let connected = withUnsafePointer(to: name) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
    }
    try #require(connected == 0)
    _ = request.withCString { write(descriptor, $0, strlen($0)) }
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4_096)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      guard count > 0 else { return String(decoding: answer, as: UTF8.self) }
      answer += buffer[..<count]
    }
  }

  private func get(_ path: String) -> String { "GET \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" }

  private func with(_ readiness: Readiness, _ body: (ListenAddress) throws -> Void) async throws {
    let registry = PrometheusRegistry()
    Counter(label: "served", factory: registry).increment()
    let server = AdminServer(metrics: registry, readiness: readiness)
    let address = try await server.start(on: .tcp(host: "127.0.0.1", port: 0))
    try body(address)
    await server.stop()
  }

  @Test("Metrics are served as Prometheus text")
  func metrics() async throws {
    try await with(Readiness()) { address in
      let answer = try ask(address, get("/metrics"))
      #expect(answer.hasPrefix("HTTP/1.1 200 ") && answer.contains("text/plain; version=0.0.4"))
      #expect(answer.hasSuffix("served_total 1\n"))
    }
  }

  @Test("The process lives although it is not ready")
  func probes() async throws {
    let readiness = Readiness(missing: ["database": "the database does not answer"])
    try await with(readiness) { address in
      #expect(try ask(address, get("/healthz")).hasPrefix("HTTP/1.1 200 "))
      let answer = try ask(address, get("/readyz"))
      #expect(answer.hasPrefix("HTTP/1.1 503 ") && answer.hasSuffix("the database does not answer\n"))
      readiness.found("database")
      #expect(try ask(address, "GET /readyz HTTP/1.0\r\n\r\n").hasPrefix("HTTP/1.0 200 "))
    }
  }

  @Test("Anything else is refused")
  func others() async throws {
    try await with(Readiness()) { address in
      let elsewhere = try ask(address, get("/etc/passwd"))
      #expect(elsewhere.hasPrefix("HTTP/1.1 404 "))
      let post = try ask(address, get("/metrics").replacingOccurrences(of: "GET", with: "POST"))
      #expect(post.hasPrefix("HTTP/1.1 405 "))
      let garbage = try ask(address, "\u{1}\u{2}garbage\r\n\r\n")
      #expect(garbage.contains(" 400 "))
    }
  }
}
