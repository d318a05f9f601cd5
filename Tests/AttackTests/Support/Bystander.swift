import RPC
import TestAPI

/// A client beside the attack, which makes calls on a connection of its own and measures them.
struct Bystander: Sendable {
  struct Record: Sendable {
    /// The latencies of the successful calls.
    var latencies: [Duration] = []
    var failures: [String] = []

    /// The latency that 99 of 100 calls do not exceed.
    var p99: Duration { quantile(99) }
    var p50: Duration { quantile(50) }

    private func quantile(_ percent: Int) -> Duration {
      let sorted = latencies.sorted()
      return sorted.isEmpty ? .zero : sorted[max(0, (sorted.count * percent + 99) / 100 - 1)]
    }
  }

  /// Enough for a meaningful 99th percentile.
  static let callsMinimum = 200
  /// The pause between two calls, for a modest load.
  private static let pause = Duration.milliseconds(3)

  let channel: RPC.Channel

  init(port: Int) throws { channel = try RPC.Channel(target: "ipv4:127.0.0.1:\(port)") }

  /// Makes calls until `isOver`, which gets the number of calls.
  func call(until isOver: @Sendable (_ calls: Int) -> Bool) async -> Record {
    let client = TestingV1.EchoServiceClient(channel)
    let clock = ContinuousClock()
    var record = Record()
    while !isOver(record.latencies.count) {
      let began = clock.now
      do {
        let text = "call \(record.latencies.count)"
        let response = try await client.echo(.init(text: text), options: CallOptions(timeout: .seconds(10)))
        if response.text != text { record.failures.append("another answer: \(response.text)") }
      } catch {
        record.failures.append("\(error)")
      }
      record.latencies.append(clock.now - began)
      try? await Task.sleep(for: Self.pause)
    }
    return record
  }
}
