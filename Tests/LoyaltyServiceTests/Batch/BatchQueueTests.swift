import Foundation
import SeededRandomness
import Testing

@testable import LoyaltyService

@Suite("What waits for the ledger's writers")
struct BatchQueueTests {
  private typealias Queue = BatchQueue<Int>

  /// All lanes, by their numbers.
  private static let lanes: [Lane] = {
    var found: [Int16: Lane] = [:]
    while found.count < Int(Lane.count) {
      let lane = Lane(member: UUID())
      found[lane.number] = lane
    }
    return found.values.sorted { $0.number < $1.number }
  }()

  private func queue(writers: Int = 2, laneMaximum: Int = 1_000, batchMaximum: Int = 500) -> Queue {
    Queue(writers: writers, laneMaximum: laneMaximum, batchMaximum: batchMaximum)
  }

  @Test("is taken first come first served, at most as much as a batch holds")
  func order() {
    var queue = queue(batchMaximum: 3)
    for number in 0..<5 { _ = queue.append(number, to: Self.lanes[number % 2]) }
    let starting = queue.open()
    #expect(starting == 0)
    let batches = (0..<3).map { _ in queue.take(0)?.batch }
    #expect(batches == [[0, 1, 2], [3, 4], nil])
  }

  @Test("is bounded for each lane by itself; what is taken makes room")
  func bound() {
    var queue = queue(laneMaximum: 2, batchMaximum: 1)
    _ = queue.open()
    let first = (0..<3).map { queue.append($0, to: Self.lanes[0]) }
    #expect(first == [.added(starting: 0), .added(starting: nil), .laneIsFull])
    let other = queue.append(3, to: Self.lanes[1])
    #expect(other == .added(starting: nil))
    let taken = queue.take(0)?.batch
    #expect(taken == [0])
    let second = (4..<6).map { queue.append($0, to: Self.lanes[0]) }
    #expect(second == [.added(starting: nil), .laneIsFull])
  }

  @Test("waits until the writers may begin; then as many begin as it is worth")
  func opening() {
    let cases: [(count: Int, first: Int?, others: [Int])] = [
      (0, nil, []), (1, 0, []), (127, 0, []), (128, 0, [1]), (9_000, 0, [1]),
    ]
    for (count, first, others) in cases {
      var queue = queue()
      for number in 0..<count { _ = queue.append(number, to: Self.lanes[number % 64]) }
      let starting = queue.open()
      #expect(starting == first, "\(count) waiting")
      let turn = queue.take(0)
      #expect(turn?.starting ?? [] == others, "\(count) waiting")
    }
  }

  @Test("goes to one writer as long as little waits, however fast it comes")
  func alone() {
    var queue = queue()
    _ = queue.open()
    var number = 0
    for size in [1, 5, 40, 63, 63, 20] {
      for _ in 0..<size {
        let addition = queue.append(number, to: Self.lanes[(number * 7) % 64])
        #expect(addition == .added(starting: number == 0 ? 0 : nil))
        number += 1
      }
      let turn = queue.take(0)
      #expect(turn?.batch.count == size)
      #expect(turn?.starting == [])
    }
    let rest = queue.take(0)
    #expect(rest == nil)
  }

  @Test("is divided by lanes once it is worth two batches, and given to one again when it is not")
  func divided() {
    var queue = queue()
    _ = queue.open()
    _ = queue.append(0, to: Self.lanes[1])
    _ = queue.take(0)
    // The first writer has lane 1 in hand, of the other one's home: what comes to it does not count.
    var additions = (1...63).map { queue.append($0, to: Self.lanes[$0 % 31 * 2 + 3]) }
    additions.append(queue.append(64, to: Self.lanes[1]))
    #expect(additions.allSatisfy { $0 == .added(starting: nil) })
    let last = queue.append(65, to: Self.lanes[3])
    #expect(last == .added(starting: 1))
    let second = queue.take(1)
    #expect(second?.batch == Array(1...63) + [65])
    // What the first one finds is the other one's to do.
    let first = queue.take(0)
    #expect(first == nil)

    for number in 100..<300 { _ = queue.append(number, to: Self.lanes[number % 64]) }
    let half = queue.take(1)
    #expect(half.map { (90...110).contains($0.batch.count) } == true)
    let otherHalf = queue.take(0)
    #expect(Set((half?.batch ?? []) + (otherHalf?.batch ?? [])) == Set([64] + (100..<300)))
    _ = queue.append(300, to: Self.lanes[3])
    let little = queue.take(1)
    #expect(little == nil)
    let rest = queue.take(0)
    #expect(rest?.batch == [300])
  }

  @Test("all of it goes to one writer if it is in the lanes of one home")
  func lopsided() {
    for home in 0..<2 {
      var queue = queue()
      for number in 0..<300 { _ = queue.append(number, to: Self.lanes[number % 32 * 2 + home]) }
      _ = queue.open()
      let turn = queue.take(0)
      #expect(turn?.batch == Array(0..<300))
      #expect(turn?.starting == [])
    }
  }

  @Test("what nobody wants any more is taken out, and takes no room in a batch")
  func unwanted() {
    var queue = queue(batchMaximum: 3)
    for number in 0..<10 { _ = queue.append(number, to: Self.lanes[number % 5]) }
    _ = queue.open()
    let first = queue.take(0) { $0 < 6 }
    #expect(first?.unwanted == Array(0..<6))
    #expect(first?.batch == [6, 7, 8])
    let second = queue.take(0) { _ in true }
    #expect(second?.unwanted == [9])
    #expect(second?.batch == [])
    let third = queue.take(0)
    #expect(third == nil)
  }

  @Test("when it is closed, takes no more, and is drained once what it took is done")
  func closing() {
    var queue = queue()
    _ = queue.open()
    for number in 0..<3 { _ = queue.append(number, to: Self.lanes[number]) }
    queue.close()
    let late = queue.append(3, to: Self.lanes[3])
    #expect(late == .closed)
    #expect(!queue.isDrained)
    let batch = queue.take(0)?.batch
    #expect(batch == [0, 1, 2])
    #expect(!queue.isDrained)
    let rest = queue.take(0)
    #expect(rest == nil)
    #expect(queue.isDrained)
  }

  @Test("a lane is never written by two, stays in order, and is never forgotten", arguments: SeededRandom.several)
  func lanes(seed: SeededRandom) {
    var random = seed
    let writerCount = Int.random(in: 1...4, using: &random)
    var queue = queue(writers: writerCount, batchMaximum: Int.random(in: 1...200, using: &random))
    var inHand = [[Int]?](repeating: nil, count: writerCount)
    _ = queue.open()
    var begun: Set<Int> = []
    var (waiting, done, dropped): ([Int: Int], [Int], Int) = ([:], [], 0)
    func lane(_ number: Int) -> Int { waiting[number] ?? 0 }

    func check(_ turn: Queue.Turn?, of writer: Int) {
      inHand[writer] = turn?.batch
      if turn == nil { begun.remove(writer) }
      for other in turn?.starting ?? [] {
        #expect(begun.insert(other).inserted, "\(seed)")
      }
      done += turn?.batch ?? []
      dropped += turn?.unwanted.count ?? 0
      let hands = inHand.map { Set(($0 ?? []).map(lane)) }
      let apart = hands.reduce(0) { $0 + $1.count } == hands.reduce(Set()) { $0.union($1) }.count
      #expect(apart, "\(seed)")
    }

    for number in 0..<5_000 {
      // Bursts, and times when nearly nothing comes.
      let isBusy = (number / 500) % 2 == 0
      let place = Int.random(in: 0..<(isBusy ? 64 : 3), using: &random)
      waiting[number] = place
      if case .added(let starting?) = queue.append(number, to: Self.lanes[place]) {
        #expect(begun.insert(starting).inserted, "\(seed)")
      }
      let isTurn = Int.random(in: 0..<(isBusy ? 100 : 2), using: &random) == 0
      if isTurn, let writer = begun.randomElement(using: &random) {
        check(queue.take(writer) { $0 % 17 == 0 }, of: writer)
      }
      #expect(!begun.isEmpty, "something waits, and nobody works: \(seed)")
    }
    queue.close()
    while let writer = begun.randomElement(using: &random) { check(queue.take(writer), of: writer) }
    #expect(queue.isDrained)
    #expect(done.count + dropped == 5_000, "\(seed)")
    var last: [Int: Int] = [:]
    for number in done {
      #expect(last.updateValue(number, forKey: lane(number)) ?? -1 < number, "\(seed)")
    }
  }
}
