import Foundation
import RPC
import Testing

@testable import ServiceKit

private struct Settings: SettingsGroup {
  let server: ServerSettings

  init(_ settings: SettingsReader) {
    server = ServerSettings(settings, defaultPort: 7499)
  }
}

@Suite("Server settings")
struct ServerSettingsTests {
  private typealias Configuration = ServiceConfiguration<Settings>

  private func read(_ arguments: [String]) async throws -> Configuration {
    try await Configuration(service: "shop", arguments: arguments, environment: [:])
  }

  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  @Test("Every limit of the runtime is a setting of the services, but those of single methods")
  func everyLimit() async throws {
    let declared = Set(try await read([]).declarations.map(\.key))
    let limits = Mirror(reflecting: ServerLimits.defaults).children.compactMap(\.label)
    #expect(limits.count > 25)
    for name in limits where !["requestBytesMaximumByMethod", "priorityByMethod"].contains(name) {
      #expect(declared.contains("server.\(name)"), "\(name) is a limit that no setting reaches")
    }
  }

  @Test("docs/limits.md names every setting there is, and no other")
  func documented() async throws {
    let text = try String(contentsOf: Self.root.appendingPathComponent("docs/limits.md"), encoding: .utf8)
    let declared = Set(try await read([]).declarations.map(\.key).filter { $0.hasPrefix("server.") })
    let named = Set(text.matches(of: /server\.[a-zA-Z]+/).map { String($0.output) })
    #expect(named.subtracting(declared) == [], "settings that do not exist")
    #expect(declared.subtracting(named) == ["server.eventLoopThreads"], "settings that are not in the table")
  }

  @Test("Set values apply, and others have the runtime's defaults")
  func values() async throws {
    let defaults = try #require(try await read([]).settings).server
    #expect(defaults.keepalive == .defaults && defaults.lifetime == .defaults)
    #expect(defaults.limits.unaryTimeout == nil && defaults.limits.memoryReturnDelay == .seconds(2))
    #expect(defaults.limits.statusBytesMaximum == 8 << 10)
    let set = try #require(
      try await read([
        "--server-status-bytes-maximum", "4KiB", "--server-unary-timeout", "5s", "--server-memory-return-delay", "0s",
        "--server-keepalive-time", "0s", "--server-connection-idle-maximum", "1m", "--server-reset-burst", "7",
        "--server-client-ping-strikes-maximum", "0", "--server-progress-bytes-minimum", "1B",
      ]).settings
    ).server
    #expect(set.limits.statusBytesMaximum == 4 << 10 && set.limits.unaryTimeout == .seconds(5))
    #expect(set.limits.memoryReturnDelay == nil && set.limits.resetBurst == 7 && set.limits.progressBytesMinimum == 1)
    #expect(set.keepalive.time == nil && set.keepalive.clientPingStrikesMaximum == 0)
    #expect(set.lifetime.idleMaximum == .seconds(60) && set.lifetime.ageMaximum == nil)
  }

  @Test(
    "Values that cannot be used are refused",
    arguments: [
      ["--server-status-bytes-maximum", "1KiB"], ["--server-status-bytes-maximum", "64KiB"],
      ["--server-handshake-timeout", "0s"], ["--server-streams-maximum", "0"],
      ["--server-buffered-request-bytes-maximum", "1MiB"], ["--server-header-list-bytes-tolerated", "8KiB"],
    ]
  )
  func refused(_ arguments: [String]) async {
    await #expect(throws: ConfigurationError.self) { try await read(arguments) }
  }
}
