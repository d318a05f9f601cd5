import Foundation
import Glibc
import PatronAPI
import RPC
import Synchronization
import TestAPI
import Testing

/// An attack on a server while a bystander calls it, with what every attack must leave intact: the bystander's calls and
/// the server's memory.
struct Siege: Sendable {
  /// What the attack may make the server's memory grow by.
  static let growthMaximum = 32 << 20
  /// What may be left of the growth afterwards, in percent of what the server had before.
  static let remainderPercent = 20
  static let p99Maximum = Duration.milliseconds(50)
  /// Sanitizers make everything slow and keep memory that was freed, so neither time nor memory says anything of the
  /// server; scripts/sanitize sets this.
  private static let isSanitized = getenv("PATRON_SANITIZED") != nil

  private struct Outcome {
    var record: Bystander.Record
    var memoryBefore: Int
    var memoryPeak: Int
    var memoryAfter: Int
  }

  /// Options of the server.
  var options: [String] = []
  /// What the summary calls the attack.
  var name = Test.current?.name ?? "attack"

  /// Attacks, again and again until the bystander has made enough calls meanwhile. Issues are recorded for what `attack`
  /// throws, for calls of the bystander that fail or are slow, and for memory that grows too much or stays.
  func run(
    sourceLocation: SourceLocation = #_sourceLocation,
    _ attack: @escaping @Sendable (Target) throws -> Void
  ) async throws {
    var outcome = try await once(attack)
    if outcome.record.p99 >= Self.p99Maximum, !Self.isSanitized {
      // Something else on this machine may have had the processors: two seconds of it are enough. A server that is slow
      // under the attack is slow again.
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

  /// Options with time-outs that a sanitized server keeps for those who do nothing wrong.
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
        repeat { try attack(target) } while progress.calls.load(ordering: .relaxed) < Bystander.callsMinimum
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

  /// What attacker and bystander know of each other.
  private final class Progress: Sendable {
    let calls = Atomic(0)
    let isOver = Atomic(false)
  }

  /// Lets the server do what it usually does, so that what it needs for that is not taken for the attack's.
  private static func warm(_ bystander: Bystander) async throws {
    _ = await bystander.call { $0 >= Bystander.callsMinimum }
    let client = TestingV1.EchoServiceClient(bystander.channel)
    for _ in 0..<4 { _ = try await client.echo(.init(payload: [UInt8](repeating: 1, count: 1 << 20))) }
    // Handlers that wait have the concurrency runtime start its threads. There are as many as on a busy server, for what
    // malloc keeps after that is not the attack's.
    let waiting = TestingV1.EchoRequest(steering: .init(delay: GoogleProtobuf.Duration(nanos: 20_000_000)))
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<1000 { group.addTask { _ = try await client.echo(waiting) } }
      try await group.waitForAll()
    }
  }

  /// The memory once it is down to what is wanted, or after a while: nothing tells when the server has freed what it
  /// frees, so it is looked at again and again.
  private static func settled(_ target: Target, wanted: Int) async throws -> Int {
    let clock = ContinuousClock()
    let end = clock.now + .seconds(10)
    while true {
      let memory = try target.memory()
      if memory <= wanted || clock.now > end || Self.isSanitized { return memory }
      try await Task.sleep(for: .milliseconds(50))
    }
  }

  /// Runs an attack on a thread that stands back: what is measured is how the server bears it, not how two cores are
  /// shared by attacker, server and bystander.
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
