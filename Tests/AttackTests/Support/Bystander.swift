import RPC
import TestAPI

/// A client that has nothing to do with the attack: it goes on calling on a connection of its own, and measures.
struct Bystander: Sendable {
  struct Record: Sendable {
    /// Of the calls that succeeded.
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

  /// Enough for the 99th percentile to mean something.
  static let callsMinimum = 200
  /// Between a call and the next: a modest load.
  private static let pause = Duration.milliseconds(3)

  let channel: RPC.Channel

  init(port: Int) throws { channel = try RPC.Channel(target: "ipv4:127.0.0.1:\(port)") }

  /// Calls until `isOver`, which is told how many calls there were.
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
