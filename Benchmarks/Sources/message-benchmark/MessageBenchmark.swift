import BenchmarkAPI
import CAllocationCount
import Foundation
import Messages
import PeerAPI
import SwiftProtobuf

/// Decodes and encodes the same receipt with Patron's messages and with swift-protobuf, in alternating rounds, and counts
/// what each allocates. One thread; the best round of each counts, for noise only ever adds.
@main
struct MessageBenchmark {
  typealias Ours = BenchmarkV1.PostReceiptRequest
  typealias Theirs = Patron_Benchmark_V1_PostReceiptRequest

  static let rounds = 15
  static let repetitions = 20_000

  static func main() throws {
    let receipt = Ours(
      requestID: "01939f5e-6c00-7d3a-9f00-0123456789ab",
      memberID: "01939f5e-6c00-7d3a-9f00-ba9876543210",
      storeID: "store-0319",
      occurredAtMicroseconds: 1_767_225_600_000_000,
      lines: (0..<4).map { BenchmarkV1.ReceiptLine(productID: "6901234567\($0)", quantity: $0 + 1, amountMinor: 1_299) }
    )
    let bytes = try receipt.serializedBytes()
    let peer = try Theirs(serializedBytes: bytes)
    guard try peer.serializedBytes() as [UInt8] == bytes, try Ours(serializedBytes: bytes) == receipt else {
      print("the two do not agree on the message")
      exit(1)
    }
    // What a connection does: the arena belongs to the event loop and is reset after each message.
    let arena = Arena()
    func decodeOurs() throws -> Ours {
      defer { arena.reset() }
      return try bytes.withUnsafeBytes { try Ours(serializedBytes: $0, arena: arena) }
    }
    func encodeOurs() throws -> Int {
      defer { arena.reset() }
      return try receipt.serialize(in: arena, prefix: 5).count
    }
    func decodeTheirs() throws -> Theirs { try Theirs(serializedBytes: bytes) }
    func encodeTheirs() throws -> Int { (try peer.serializedBytes() as [UInt8]).count }

    var best = [String: Double]()
    func measure(_ name: String, _ body: () throws -> Int) rethrows {
      var sum = 0
      let started = cpuNanoseconds()
      for _ in 0..<repetitions { sum &+= try body() }
      let nanoseconds = (cpuNanoseconds() - started) / Double(repetitions)
      precondition(sum > 0)
      best[name] = min(best[name] ?? .infinity, nanoseconds)
    }
    for _ in 0..<rounds {
      try measure("decode patron") { try decodeOurs().lines.count }
      try measure("decode swift-protobuf") { try decodeTheirs().lines.count }
      try measure("encode patron") { try encodeOurs() }
      try measure("encode swift-protobuf") { try encodeTheirs() }
    }

    func allocations(_ body: () throws -> Int) rethrows -> Double {
      let before = allocation_count()
      for _ in 0..<1_000 { _ = try body() }
      return Double(allocation_count() - before) / 1_000
    }
    let counts = [
      "decode patron": try allocations { try decodeOurs().lines.count },
      "decode swift-protobuf": try allocations { try decodeTheirs().lines.count },
      "encode patron": try allocations { try encodeOurs() },
      "encode swift-protobuf": try allocations { try encodeTheirs() },
    ]
    // Swift keeps strings of up to 15 bytes in place; longer ones have to be on the heap, whoever decodes them.
    let strings = [receipt.requestID, receipt.memberID, receipt.storeID] + receipt.lines.map(\.productID)
    let longStrings = strings.filter { $0.utf8.count > 15 }.count

    print(
      "a receipt of \(bytes.count) bytes: 4 lines, \(strings.count) strings, \(longStrings) of them over 15 bytes\n"
    )
    print("what                CPU ns    heap allocations")
    for name in ["decode patron", "decode swift-protobuf", "encode patron", "encode swift-protobuf"] {
      let padded = name.padding(toLength: 22, withPad: " ", startingAt: 0)
      print(padded, String(format: "%7.0f %12.1f", best[name] ?? 0, counts[name] ?? 0))
    }
    func ratio(_ what: String) -> String {
      String(format: "%.1f", (best["\(what) swift-protobuf"] ?? 0) / (best["\(what) patron"] ?? 1))
    }
    print("\nthe best of \(rounds) rounds of \(repetitions), which alternate")
    print("RESULT messages.decode_ratio=\(ratio("decode"))")
    print("RESULT messages.encode_ratio=\(ratio("encode"))")
    let besides = (counts["decode patron"] ?? 0) - Double(longStrings)
    print("RESULT messages.decode_allocations_besides_long_strings=\(String(format: "%.1f", besides))")
  }

  /// What this process has run so far: time that others take from it does not count.
  static func cpuNanoseconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
  }
}
