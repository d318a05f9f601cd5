import BenchmarkAPI
import Foundation
import RPC

/// Calls a server through Patron's own client: a number of calls, a number of them in flight, on one channel. Proves that every
/// one was answered rightly, and says what the calls cost this process.
@main
struct PatronClient {
  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 7, arguments[1] == "--port", arguments[3] == "--calls", let calls = Int(arguments[4]),
      arguments[5] == "--in-flight", let inFlight = Int(arguments[6]), inFlight > 0
    else {
      print("usage: patron-client --port PORT --calls NUMBER --in-flight NUMBER")
      exit(2)
    }
    let channel = try Channel(target: "127.0.0.1:\(arguments[2])")
    let client = BenchmarkV1.BenchmarkServiceClient(channel)
    // Connects, and warms up.
    if let failure = await failure(of: 0, client) { print("the first call failed: \(failure)") }
    let cpuBefore = cpuMicroseconds()
    let started = ContinuousClock.now
    let failures = await withTaskGroup(of: [String].self) { group in
      for first in 0..<inFlight {
        group.addTask {
          var failures: [String] = []
          for index in stride(from: first, to: calls, by: inFlight) {
            if let failure = await failure(of: index, client) { failures.append(failure) }
          }
          return failures
        }
      }
      var failures: [String] = []
      for await some in group { failures += some }
      return failures
    }
    let elapsed = ContinuousClock.now - started
    let cpu = cpuMicroseconds() - cpuBefore
    await channel.close()
    print("\(calls - failures.count) of \(calls) calls succeeded, \(inFlight) in flight")
    print("cpu_us=\(cpu / Double(calls)) calls_per_second=\(Double(calls) / (elapsed / .seconds(1)))")
    for failure in Set(failures).sorted().prefix(5) { print(failure) }
    exit(failures.isEmpty ? 0 : 1)
  }

  /// Makes one call; says what was wrong with it, if anything was.
  static func failure(of index: Int, _ client: BenchmarkV1.BenchmarkServiceClient) async -> String? {
    let amount = Int64(index) * 100
    let lines = (1...4).map { BenchmarkV1.ReceiptLine(productID: "p\($0)", quantity: 1, amountMinor: amount) }
    do {
      let answer = try await client.postReceipt(
        BenchmarkV1.PostReceiptRequest(
          requestID: "request-\(index)",
          memberID: "member",
          storeID: "store",
          lines: lines
        )
      )
      guard answer.requestID == "request-\(index)", answer.amountMinor == 4 * amount else { return "wrong answer" }
      return nil
    } catch {
      return "\(error)"
    }
  }

  /// What this process has run so far, in user and in system mode.
  static func cpuMicroseconds() -> Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    func microseconds(_ time: timeval) -> Double { Double(time.tv_sec) * 1e6 + Double(time.tv_usec) }
    return microseconds(usage.ru_utime) + microseconds(usage.ru_stime)
  }
}
