import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import PeerAPI

/// What patron-client does, through grpc-swift-2's client with its defaults.
@main
struct PeerClient {
  typealias Client = Patron_Benchmark_V1_BenchmarkService.Client<HTTP2ClientTransport.Posix>

  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 7, arguments[1] == "--port", let port = Int(arguments[2]), arguments[3] == "--calls",
      let calls = Int(arguments[4]), arguments[5] == "--in-flight", let inFlight = Int(arguments[6]), inFlight > 0
    else {
      print("usage: peer-client --port PORT --calls NUMBER --in-flight NUMBER")
      exit(2)
    }
    try await withGRPCClient(
      transport: .http2NIOPosix(target: .ipv4(address: "127.0.0.1", port: port), transportSecurity: .plaintext)
    ) { grpc in
      let client = Client(wrapping: grpc)
      guard await succeeds(0, client) else { exit(1) }
      let cpuBefore = cpuMicroseconds()
      let started = ContinuousClock.now
      let failed = await withTaskGroup(of: Int.self) { group in
        for first in 0..<inFlight {
          group.addTask {
            var failed = 0
            for index in stride(from: first, to: calls, by: inFlight) where await !succeeds(index, client) {
              failed += 1
            }
            return failed
          }
        }
        var sum = 0
        for await failed in group { sum += failed }
        return sum
      }
      let elapsed = ContinuousClock.now - started
      let cpu = cpuMicroseconds() - cpuBefore
      print("\(calls - failed) of \(calls) calls succeeded, \(inFlight) in flight")
      print("cpu_us=\(cpu / Double(calls)) calls_per_second=\(Double(calls) / (elapsed / .seconds(1)))")
      exit(failed == 0 ? 0 : 1)
    }
  }

  static func succeeds(_ index: Int, _ client: Client) async -> Bool {
    let amount = Int64(index) * 100
    let request = Patron_Benchmark_V1_PostReceiptRequest.with {
      $0.requestID = "request-\(index)"
      $0.memberID = "member"
      $0.storeID = "store"
      $0.lines = (1...4).map { line in
        .with {
          $0.productID = "p\(line)"
          $0.quantity = 1
          $0.amountMinor = amount
        }
      }
    }
    guard let answer = try? await client.postReceipt(request) else { return false }
    return answer.requestID == "request-\(index)" && answer.amountMinor == 4 * amount
  }

  static func cpuMicroseconds() -> Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    func microseconds(_ time: timeval) -> Double { Double(time.tv_sec) * 1e6 + Double(time.tv_usec) }
    return microseconds(usage.ru_utime) + microseconds(usage.ru_stime)
  }
}
