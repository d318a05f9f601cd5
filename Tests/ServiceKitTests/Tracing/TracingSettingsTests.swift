import RPC
import Testing

@testable import ServiceKit

@Suite("Settings of tracing")
struct TracingSettingsTests {
  private func read(_ environment: [String: String]) async throws -> TracingSettings {
    let configuration = try await ServiceConfiguration<TracingSettings>(
      service: "shop",
      arguments: [],
      environment: environment
    )
    return try #require(configuration.settings)
  }

  @Test("nothing is recorded unless a collector is named", arguments: [[:], ["PATRON_TRACING_OTLP_TARGET": ""]])
  func off(_ environment: [String: String]) async throws {
    #expect(try await read(environment).target == nil)
  }

  @Test("every setting can be set for all services")
  func set() async throws {
    let settings = try await read([
      "PATRON_TRACING_OTLP_TARGET": "collector:4317", "PATRON_TRACING_SAMPLE_RATIO": "0.25",
      "PATRON_TRACING_OTLP_TLS": "true", "PATRON_TRACING_QUEUE_SPANS": "100", "PATRON_TRACING_BATCH_SPANS": "10",
      "PATRON_TRACING_INTERVAL": "1s", "PATRON_TRACING_TIMEOUT": "2s",
    ])
    #expect(settings.target?.description == "dns:///collector:4317")
    #expect(settings.sampleRatio == 0.25)
    #expect(settings.isEncrypted)
    #expect(settings.export.queueSpans == 100)
    #expect(settings.export.batchSpans == 10)
    #expect(settings.export.interval == .seconds(1))
    #expect(settings.export.timeout == .seconds(2))
  }

  @Test(
    "wrong values are refused",
    arguments: [["PATRON_TRACING_OTLP_TARGET": "http://collector:4317"], ["PATRON_TRACING_SAMPLE_RATIO": "1.5"]]
  )
  func wrong(_ environment: [String: String]) async throws {
    await #expect(throws: ConfigurationError.self) { try await read(environment) }
  }
}
