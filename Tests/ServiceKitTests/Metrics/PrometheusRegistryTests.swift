import CoreMetrics
import Metrics
import Testing

@testable import ServiceKit

@Suite("Prometheus")
struct PrometheusRegistryTests {
  private let registry = PrometheusRegistry()

  private func lines() -> [String] { registry.scrape().split(separator: "\n").map(String.init) }

  @Test("A counter gets its unit and its labels, escaped")
  func counter() {
    Counter(label: "calls.started", dimensions: [("path", "a\"b\\c\nd")], factory: registry).increment(by: 3)
    #expect(lines() == ["# TYPE calls_started_total counter", "calls_started_total{path=\"a\\\"b\\\\c\\nd\"} 3"])
  }

  @Test("The same name and labels are the same series, in whatever order the labels come")
  func sameSeries() {
    Counter(label: "x", dimensions: [("a", "1"), ("b", "2")], factory: registry).increment()
    Counter(label: "x", dimensions: [("b", "2"), ("a", "1")], factory: registry).increment()
    #expect(lines().last == "x_total{a=\"1\",b=\"2\"} 2")
  }

  @Test("A timer becomes a histogram of seconds with the buckets of gRFC A66")
  func timer() {
    let timer = Timer(label: "grpc.server.call.duration", factory: registry)
    timer.recordNanoseconds(10_000)
    timer.recordNanoseconds(1_500_000)
    timer.recordNanoseconds(200_000_000_000)
    let lines = lines()
    #expect(lines.contains("grpc_server_call_duration_seconds_bucket{le=\"0\"} 0"))
    #expect(lines.contains("grpc_server_call_duration_seconds_bucket{le=\"1e-05\"} 1"))
    #expect(lines.contains("grpc_server_call_duration_seconds_bucket{le=\"0.002\"} 2"))
    #expect(lines.contains("grpc_server_call_duration_seconds_bucket{le=\"100\"} 2"))
    #expect(lines.contains("grpc_server_call_duration_seconds_bucket{le=\"+Inf\"} 3"))
    #expect(lines.contains("grpc_server_call_duration_seconds_count 3"))
    #expect(lines.contains { $0.hasPrefix("grpc_server_call_duration_seconds_sum 200.00151") })
  }

  @Test("A recorder of sizes has buckets of bytes, a value on a bound belongs below it")
  func sizes() {
    let recorder = Recorder(label: "grpc.server.call.rcvd_total_compressed_message_size", factory: registry)
    recorder.record(1_024)
    recorder.record(1_025)
    let name = "grpc_server_call_rcvd_total_compressed_message_size_bytes"
    #expect(lines().contains("\(name)_bucket{le=\"1024\"} 1"))
    #expect(lines().contains("\(name)_bucket{le=\"2048\"} 2"))
  }

  @Test("A recorder of anything else has buckets of counts and a name without a unit, whatever it is called")
  func counts() {
    for label in ["batch.size", "page_size", "resize", "requests"] {
      Recorder(label: label, factory: registry).record(3)
      let name = label.replacing(".", with: "_")
      #expect(lines().contains("\(name)_bucket{le=\"2\"} 0") && lines().contains("\(name)_bucket{le=\"4\"} 1"))
    }
    #expect(!lines().contains { $0.contains("bytes") })
  }

  @Test("Gauges and meters show the last value")
  func gauges() {
    Gauge(label: "pool.busy", factory: registry).record(4)
    let meter = Meter(label: "level", factory: registry)
    meter.set(2.5)
    meter.increment(by: 1)
    registry.gauge("asked", dimensions: [("source", "s")]) { 7 }
    #expect(
      lines().contains("pool_busy 4") && lines().contains("level 3.5") && lines().contains("asked{source=\"s\"} 7")
    )
  }

  @Test("Past the limit further label values are counted together")
  func overflow() {
    let registry = PrometheusRegistry(seriesMaximum: 2)
    for user in 0..<10 { Counter(label: "c", dimensions: [("user", "\(user)")], factory: registry).increment() }
    let text = registry.scrape()
    #expect(text.contains("c_total{overflow=\"true\"} 8") && text.split(separator: "\n").count == 4)
  }

  @Test("A destroyed series is not written any more")
  func destroyed() {
    let counter = Counter(label: "gone", factory: registry)
    counter.destroy()
    #expect(registry.scrape().isEmpty)
  }

  @Test("The process reports its memory, processor time, files and start")
  func process() {
    ProcessMetrics.register(in: registry)
    let text = registry.scrape()
    for name in [
      "process_cpu_seconds_total", "process_resident_memory_bytes", "process_open_fds", "process_max_fds",
      "process_start_time_seconds",
    ] {
      #expect(text.split(separator: "\n").contains { $0.hasPrefix("\(name) ") && !$0.hasSuffix(" 0") }, "\(name)")
    }
  }

  @Test("Counting from many tasks loses nothing")
  func concurrent() async {
    let counter = Counter(label: "n", factory: registry)
    let timer = Timer(label: "t", factory: registry)
    await withTaskGroup { group in
      for _ in 0..<8 {
        group.addTask {
          for _ in 0..<1_000 {
            counter.increment()
            timer.recordNanoseconds(1_000_000)
          }
        }
      }
    }
    #expect(lines().contains("n_total 8000") && lines().contains("t_seconds_count 8000"))
  }
}
