import BenchmarkAPI
import Foundation
import RPC

/// Starts many calls at once on one channel and proves that every one of them was answered rightly.
@main
struct BurstClient {
  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 5, arguments[1] == "--port", arguments[3] == "--calls", let calls = Int(arguments[4])
    else {
      print("usage: burst-client --port PORT --calls NUMBER")
      exit(2)
    }
    let channel = try Channel(target: "127.0.0.1:\(arguments[2])")
    let client = BenchmarkV1.BenchmarkServiceClient(channel)
    let failures = await withTaskGroup(of: String?.self) { group in
      for index in 0..<calls {
        group.addTask { await failure(of: index, client) }
      }
      var failures: [String] = []
      for await case let failure? in group { failures.append(failure) }
      return failures
    }
    await channel.close()
    print("\(calls - failures.count) of \(calls) calls started at once on one channel succeeded")
    for failure in Set(failures).sorted().prefix(5) { print(failure) }
    exit(failures.isEmpty ? 0 : 1)
  }

  /// Makes one call; says what was wrong with it, if anything was.
  static func failure(of index: Int, _ client: BenchmarkV1.BenchmarkServiceClient) async -> String? {
    let amount = Int64(index) * 100
    let lines = (1...4).map { BenchmarkV1.ReceiptLine(productId: "p\($0)", quantity: 1, amountMinor: amount) }
    do {
      let answer = try await client.postReceipt(
        BenchmarkV1.PostReceiptRequest(
          requestId: "request-\(index)",
          memberId: "member",
          storeId: "store",
          lines: lines
        )
      )
      guard answer.requestId == "request-\(index)", answer.amountMinor == 4 * amount else { return "wrong answer" }
      return nil
    } catch {
      return "\(error)"
    }
  }
}
