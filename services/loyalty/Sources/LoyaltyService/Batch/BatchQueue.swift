import DequeModule

/// What waits for the ledger's writers, and which lanes each of them is writing.
///
/// A value that does no I/O: it is given what arrives and which writer is free, and returns which writer does what. One
/// writer at a time writes a lane, so that a member's requests stay in order.
///
/// Every batch costs PostgreSQL a round trip and a commit, several times what one request more costs. So one writer does
/// all as long as little waits, and batches stay large at the rate of tills. Another one begins when enough waits in the
/// lanes that are its home (``partMinimum``): all writers have as many lanes, so that each gets as much as the others when
/// all work. Whoever works also takes from the homes of those that rest. What waits decides, at each batch anew.
struct BatchQueue<Element: Sendable>: Sendable {
  /// What became of an element that was to be added.
  enum Addition: Sendable, Hashable {
    /// It waits. A writer that is named must begin.
    case added(starting: Int?)
    /// Its lane has as many as are allowed.
    case laneIsFull
    /// No more are taken.
    case closed
  }

  /// What a writer does next.
  struct Turn: Sendable {
    /// To be written together; empty if all that could be taken was unwanted.
    var batch: [Element] = []
    /// Taken out because nobody wants them any more.
    var unwanted: [Element] = []
    /// Writers that must begin.
    var starting: [Int] = []
  }

  private enum Phase: Sendable {
    case notOpen, open, closed
  }

  private struct Writer: Sendable {
    var isWorking = false
    /// The lanes of the batch that it writes.
    var lanes: LaneSet = []

    /// Whether it was started, and has not taken a batch yet.
    var isBeginning: Bool { isWorking && lanes.isEmpty }
  }

  private typealias Entry = (lane: Lane, element: Element)

  /// How many requests are worth a batch of their own beside another one. 64: the round trip and the commit are then less
  /// than a tenth of a batch of receipts, and a third of one of movements, which the second processor makes up for.
  static var partMinimum: Int { 64 }

  private let laneMaximum: Int
  private let batchMaximum: Int
  private var phase = Phase.notOpen
  private var writers: [Writer]
  private var elements: Deque<Entry> = []
  /// How many wait in each lane.
  private var counts = [Int](repeating: 0, count: Int(Lane.count))
  /// For each writer, how many wait in those lanes of its home that nobody has in hand.
  private var takeable: [Int]

  /// - Parameters:
  ///   - writers: How many writers there are; they are known by their numbers.
  ///   - laneMaximum: How many may wait in one lane.
  ///   - batchMaximum: How many are taken at a time.
  init(writers: Int, laneMaximum: Int, batchMaximum: Int) {
    self.writers = Array(repeating: Writer(), count: writers)
    takeable = Array(repeating: 0, count: writers)
    self.laneMaximum = laneMaximum
    self.batchMaximum = batchMaximum
  }

  /// How many wait.
  var count: Int { elements.count }

  /// Whether all that was taken in has been done, and no more comes.
  var isDrained: Bool { phase == .closed && elements.isEmpty && !writers.contains { $0.isWorking } }

  /// Lets the writers begin, and returns the one that must.
  mutating func open() -> Int? {
    phase = .open
    return start()
  }

  /// Takes no more. What waits is still done.
  mutating func close() {
    phase = .closed
  }

  /// Adds an element to a lane.
  mutating func append(_ element: Element, to lane: Lane) -> Addition {
    let number = Int(lane.number)
    guard phase != .closed else { return .closed }
    guard counts[number] < laneMaximum else { return .laneIsFull }
    counts[number] += 1
    elements.append((lane, element))
    if !lanesInHand.contains(LaneSet(number)) { takeable[number % writers.count] += 1 }
    return .added(starting: start())
  }

  /// Has a writer begin if none works, or if one that rests has enough to do.
  private mutating func start() -> Int? {
    guard phase != .notOpen, !writers.contains(where: \.isBeginning) else { return nil }
    let next: Int? =
      if writers.contains(where: \.isWorking) {
        writers.indices.first { !writers[$0].isWorking && takeable[$0] >= Self.partMinimum }
      } else {
        takeable.contains { $0 > 0 } ? 0 : nil
      }
    if let next { writers[next].isWorking = true }
    return next
  }

  private var lanesInHand: LaneSet {
    writers.reduce(into: []) { $0.formUnion($1.lanes) }
  }
}

// MARK: - Turns

extension BatchQueue {
  /// Takes what a writer is to write next, first come first served; its last batch is done. Nil if it is to rest.
  ///
  /// - Parameters:
  ///   - number: The writer's number.
  ///   - isUnwanted: Whether nobody wants an element any more.
  mutating func take(_ number: Int, dropping isUnwanted: (Element) -> Bool = { _ in false }) -> Turn? {
    writers[number].lanes = []
    countTakeable()
    let share = self.share(of: number)
    let isAlone = !writers.indices.contains { $0 != number && writers[$0].isWorking }
    // What little there is goes with the batch of whoever works and asks next.
    guard share.count > 0, isAlone || share.count >= Self.partMinimum else {
      writers[number].isWorking = false
      return nil
    }
    var turn = Turn()
    writers[number].lanes = fill(&turn, from: share.homes, count: share.count, isUnwanted)
    countTakeable()
    for other in share.left {
      writers[other].isWorking = true
      turn.starting.append(other)
    }
    return turn
  }

  private mutating func countTakeable() {
    let inHand = lanesInHand
    for writer in takeable.indices { takeable[writer] = 0 }
    for (number, count) in counts.enumerated() where !inHand.contains(LaneSet(number)) {
      takeable[number % writers.count] += count
    }
  }

  /// From whose homes a writer takes its batch, how many wait there, and which of those that rest are to begin instead.
  private func share(of number: Int) -> (homes: Set<Int>, count: Int, left: [Int]) {
    var (homes, count, left): (Set<Int>, Int, [Int]) = ([number], takeable[number], [])
    for other in writers.indices where other != number && !writers[other].isWorking {
      // Both batches must be worth it.
      if takeable[other] >= Self.partMinimum, count >= Self.partMinimum {
        left.append(other)
      } else {
        homes.insert(other)
        count += takeable[other]
      }
    }
    return (homes, count, left)
  }

  /// Moves what waits in some writers' homes, and nobody has in hand, into a turn; returns the lanes of its batch.
  private mutating func fill(
    _ turn: inout Turn,
    from homes: Set<Int>,
    count: Int,
    _ isUnwanted: (Element) -> Bool
  ) -> LaneSet {
    var from: LaneSet = []
    for number in counts.indices where homes.contains(number % writers.count) { from.insert(LaneSet(number)) }
    from.subtract(lanesInHand)
    var lanes: LaneSet = []
    var left = count
    var passed: [Entry] = []
    turn.batch.reserveCapacity(min(left, batchMaximum))
    while left > 0, turn.batch.count < batchMaximum, let entry = elements.popFirst() {
      let lane = LaneSet(Int(entry.lane.number))
      guard from.contains(lane) else {
        passed.append(entry)
        continue
      }
      left -= 1
      counts[Int(entry.lane.number)] -= 1
      if isUnwanted(entry.element) {
        turn.unwanted.append(entry.element)
      } else {
        turn.batch.append(entry.element)
        lanes.insert(lane)
      }
    }
    elements.prepend(contentsOf: passed)
    return lanes
  }
}

/// Some of the lanes.
private struct LaneSet: OptionSet, Sendable {
  let rawValue: UInt64

  init(rawValue: UInt64) {
    self.rawValue = rawValue
  }

  /// The lane with a number.
  init(_ number: Int) {
    rawValue = 1 << UInt64(number)
  }
}
