import DequeModule

/// What waits for its turn, first come first served, with a bound for every lane.
struct LaneQueue<Element: Sendable>: Sendable {
  private let laneMaximum: Int
  private var elements: Deque<(lane: Lane, element: Element)> = []
  private var counts = [Int](repeating: 0, count: Int(Lane.count))

  init(laneMaximum: Int) {
    self.laneMaximum = laneMaximum
  }

  var isEmpty: Bool { elements.isEmpty }
  var count: Int { elements.count }

  /// Adds to a lane. False if it is full.
  mutating func append(_ element: Element, to lane: Lane) -> Bool {
    guard counts[Int(lane.number)] < laneMaximum else { return false }
    counts[Int(lane.number)] += 1
    elements.append((lane, element))
    return true
  }

  /// Takes the first ones, at most so many.
  mutating func take(_ maximum: Int) -> [Element] {
    let count = min(maximum, elements.count)
    let taken = elements.prefix(count).map { entry in
      counts[Int(entry.lane.number)] -= 1
      return entry.element
    }
    elements.removeFirst(count)
    return taken
  }
}
