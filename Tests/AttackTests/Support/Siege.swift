import CommonProto
import Foundation
import Glibc
import RPC
import Synchronization
import TestAPI
import Testing

/// An attack on a server while a bystander calls it. Checks what every attack must leave intact: the bystander's calls
/// and the server's memory.
struct Siege: Sendable {
  /// The greatest growth of the server's memory.
  static let growthMaximum = 32 << 20
  /// The greatest part of the growth that may remain, in percent of the memory before.
  static let remainderPercent = 20
  static let p99Maximum = Duration.milliseconds(50)
  /// Whether sanitizers run, which slow everything down and retain freed memory, so neither time nor memory is checked.
  /// Set by scripts/sanitize.
  private static let isSanitized = getenv("PATRON_SANITIZED") != nil

  private struct Outcome {
    var record: Bystander.Record
    var memoryBefore: Int
    var memoryPeak: Int
    var memoryAfter: Int
  }

  /// Options of the server.
  var options: [String] = []
  /// How long to attack at least: PATRON_ATTACK_SECONDS, for the long form.
  private static let duration = Duration.seconds(
    getenv("PATRON_ATTACK_SECONDS").flatMap { Int(String(cString: $0)) } ?? 0
  )
  /// The attack's name in the summary.
  var name = Test.current?.name ?? "attack"

  /// Attacks repeatedly until the bystander has made enough calls. Records issues for errors of `attack`, for failed or
  /// slow calls of the bystander, and for memory that grows too much or remains.
  func run(
    sourceLocation: SourceLocation = #_sourceLocation,
    _ attack: @escaping @Sendable (Target) throws -> Void
  ) async throws {
    var outcome = try await once(attack)
    if outcome.record.p99 >= Self.p99Maximum, !Self.isSanitized {
      // Another process may have used the processors; two seconds of that are enough. A server that is slow under the
      // attack is slow again.
      print("\(name): p99 was \(outcome.record.p99), once more")
      outcome = try await once(attack)
    }
    let record = outcome.record
    print(
      "\(name): \(record.latencies.count) calls of the bystander, p50 \(record.p50), p99 \(record.p99); memory",
      "\(outcome.memoryBefore >> 10) KiB before, \(outcome.memoryPeak >> 10) at most, \(outcome.memoryAfter >> 10) after"
    )
    #expect(record.failures.isEmpty, sourceLocation: sourceLocation)
    if Self.isSanitized { return }
    #expect(record.p99 < Self.p99Maximum, sourceLocation: sourceLocation)
    #expect(outcome.memoryPeak - outcome.memoryBefore < Self.growthMaximum, sourceLocation: sourceLocation)
    #expect(
      outcome.memoryAfter <= outcome.memoryBefore * (100 + Self.remainderPercent) / 100,
      sourceLocation: sourceLocation
    )
  }

  /// Returns options with time-outs that a sanitized server keeps for well-behaved clients.
  private static func patient(_ options: [String]) -> [String] {
    var isTime = false
    return options.map { option in
      defer { isTime = option.hasSuffix("-milliseconds") }
      guard isTime, let milliseconds = Int(option) else { return option }
      return String(milliseconds * 5)
    }
  }

  private func once(_ attack: @escaping @Sendable (Target) throws -> Void) async throws -> Outcome {
    let target = try Target(Self.isSanitized ? Self.patient(options) : options)
    let bystander = try Bystander(port: target.port)
    try await Self.warm(bystander)
    let before = try target.memory()
    try target.forgetPeak()
    let progress = Progress()
    let record: Bystander.Record
    do {
      async let recording = bystander.call { calls in
        progress.calls.store(calls, ordering: .relaxed)
        return progress.isOver.load(ordering: .relaxed)
      }
      defer { progress.isOver.store(true, ordering: .relaxed) }
      try await Self.onNiceThread {
        let clock = ContinuousClock()
        let end = clock.now + Self.duration
        repeat {
          try attack(target)
        } while progress.calls.load(ordering: .relaxed) < Bystander.callsMinimum
          || clock.now < end
      }
      progress.isOver.store(true, ordering: .relaxed)
      record = await recording
    }
    let peak = try target.peakMemory()
    let after = try await Self.settled(target, wanted: before * (100 + Self.remainderPercent) / 100)
    #expect(target.isRunning)
    await bystander.channel.close()
    return Outcome(record: record, memoryBefore: before, memoryPeak: peak, memoryAfter: after)
  }

  /// The shared state of attacker and bystander.
  private final class Progress: Sendable {
    let calls = Atomic(0)
    let isOver = Atomic(false)
  }

  /// Warms the server up, so that its usual memory is not attributed to the attack.
  private static func warm(_ bystander: Bystander) async throws {
    _ = await bystander.call { $0 >= Bystander.callsMinimum }
    let client = TestingV1.EchoServiceClient(bystander.channel)
    for _ in 0..<4 { _ = try await client.echo(.init(payload: [UInt8](repeating: 1, count: 1 << 20))) }
    // Waiting handlers make the concurrency runtime start its threads, as many as on a busy server. What malloc retains
    // for them is not the attack's.
    let waiting = TestingV1.EchoRequest(steering: .init(delay: GoogleProtobuf.Duration(nanos: 20_000_000)))
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<1000 { group.addTask { _ = try await client.echo(waiting) } }
      try await group.waitForAll()
    }
  }

  /// Returns the memory once it is at most `wanted`, or after a time-out. Polls, because no event signals that the
  /// server has freed memory.
  private static func settled(_ target: Target, wanted: Int) async throws -> Int {
    let clock = ContinuousClock()
    let end = clock.now + .seconds(10)
    while true {
      let memory = try target.memory()
      if memory <= wanted || clock.now > end || Self.isSanitized { return memory }
      try await Task.sleep(for: .milliseconds(50))
    }
  }

  /// Runs an attack on a thread of low priority, because the server's behaviour is measured and not how attacker,
  /// server and bystander share two cores.
  static func onNiceThread(_ body: @escaping @Sendable () throws -> Void) async throws {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread {
        // On Linux this is the thread's priority, not the process's.
        setpriority(Int32(PRIO_PROCESS.rawValue), 0, 10)
        continuation.resume(with: Result { try body() })
      }
    }
  }
}
