import Foundation
import SeededRandomness
import Testing

@testable import LoyaltyService

/// Plays the queue and its writers in a time of its own, with what a batch was measured to cost.
@Suite("How large batches become")
struct BatchSizeTests {
  /// What a batch takes, in milliseconds: its round trips and its commit, and each request in it.
  private struct Cost {
    var batch: Double
    var request: Double
  }

  private struct Report {
    var requests = 0
    var batches = 0
    var milliseconds = 0.0

    var meanSize: Double { Double(requests) / Double(batches) }
    var perMillisecond: Double { Double(requests) / milliseconds }
  }

  private struct Simulation {
    private var queue: BatchQueue<Int>
    private let cost: Cost
    private var random: SeededRandom
    private let lanes = (0..<2_000).map { _ in Lane(member: UUID()) }
    private var now = 0.0
    /// When each writer's batch is done, and how large it is.
    private var working: [Int: (end: Double, size: Int)] = [:]
    private(set) var report = Report()

    init(writers: Int, cost: Cost, random: SeededRandom) {
      queue = BatchQueue(writers: writers, laneMaximum: 10_000, batchMaximum: 500)
      self.cost = cost
      self.random = random
      _ = queue.open()
    }

    private mutating func arrive() {
      let lane = lanes[Int.random(in: 0..<lanes.count, using: &random)]
      if case .added(let writer?) = queue.append(0, to: lane) { begin(writer) }
    }

    private mutating func begin(_ writer: Int) {
      guard let turn = queue.take(writer) else { return }
      working[writer] = (now + cost.batch + cost.request * Double(turn.batch.count), turn.batch.count)
      report.batches += 1
      report.requests += turn.batch.count
      for other in turn.starting { begin(other) }
    }

    /// Requests come by chance, a number each millisecond.
    mutating func runOpen(_ rate: Double, milliseconds: Double) -> Report {
      var next = 0.0
      while now < milliseconds {
        if let first = working.min(by: { $0.value.end < $1.value.end }), first.value.end <= next {
          now = first.value.end
          working[first.key] = nil
          begin(first.key)
        } else {
          now = next
          arrive()
          next += -log(Double.random(in: 0.000_001..<1, using: &random)) / rate
        }
      }
      report.milliseconds = now
      return report
    }

    /// A number of requests are under way all the time: each that is answered is followed by another one.
    mutating func runClosed(_ inFlight: Int, milliseconds: Double) -> Report {
      for _ in 0..<inFlight { arrive() }
      while now < milliseconds, let first = working.min(by: { $0.value.end < $1.value.end }) {
        now = first.value.end
        working[first.key] = nil
        for _ in 0..<first.value.size { arrive() }
        begin(first.key)
      }
      report.milliseconds = now
      return report
    }
  }

  /// On a machine that five services and PostgreSQL share, with receipts.
  private static let receipts = Cost(batch: 2, request: 0.2)
  /// With movements.
  private static let movements = Cost(batch: 1, request: 0.02)

  @Test("at the rate of tills batches are as large as with one connection", arguments: SeededRandom.several)
  func tills(seed: SeededRandom) {
    for rate in [0.5, 2.3, 3.5] {
      var one = Simulation(writers: 1, cost: Self.receipts, random: seed)
      var two = Simulation(writers: 2, cost: Self.receipts, random: seed)
      let alone = one.runOpen(rate, milliseconds: 4_000)
      let both = two.runOpen(rate, milliseconds: 4_000)
      #expect(both.meanSize > alone.meanSize * 0.9, "\(rate) a millisecond, \(seed)")
    }
  }

  @Test("with a thousand in flight two connections do what two can", arguments: SeededRandom.several)
  func thousand(seed: SeededRandom) {
    var one = Simulation(writers: 1, cost: Self.movements, random: seed)
    var two = Simulation(writers: 2, cost: Self.movements, random: seed)
    let alone = one.runClosed(1_024, milliseconds: 2_000)
    let both = two.runClosed(1_024, milliseconds: 2_000)
    #expect(both.meanSize > 300, "\(seed)")
    #expect(both.perMillisecond > alone.perMillisecond * 1.8, "\(seed)")
  }
}
