import NIOCore

/// Something with a deadline that a ``DeadlineHeap`` can hold.
protocol DeadlineHolder: AnyObject {
  var deadline: NIODeadline { get }
  /// Index in the heap, maintained by the heap. -1 outside.
  var deadlineIndex: Int { get set }
}

/// Calls by deadline. Insertion and removal cost O(log n) and no allocation, so one timer of the event loop serves all
/// calls: most end long before their deadline.
struct DeadlineHeap<Holder: DeadlineHolder> {
  private var holders: [Holder] = []

  var earliest: NIODeadline? { holders.first?.deadline }
  var count: Int { holders.count }

  mutating func insert(_ holder: Holder) {
    holder.deadlineIndex = holders.count
    holders.append(holder)
    siftUp(from: holders.count - 1)
  }

  /// Removes `holder`. Does nothing when it is not in the heap.
  mutating func remove(_ holder: Holder) {
    let index = holder.deadlineIndex
    guard index >= 0 else { return }
    holder.deadlineIndex = -1
    let last = holders.removeLast()
    guard last !== holder else { return }
    place(last, at: index)
    siftUp(from: index)
    siftDown(from: last.deadlineIndex)
  }

  /// Removes and returns a holder whose deadline is not after `now`.
  mutating func popExpired(now: NIODeadline) -> Holder? {
    guard let first = holders.first, first.deadline <= now else { return nil }
    remove(first)
    return first
  }

  private mutating func place(_ holder: Holder, at index: Int) {
    holders[index] = holder
    holder.deadlineIndex = index
  }

  private mutating func siftUp(from start: Int) {
    var index = start
    let holder = holders[index]
    while index > 0 {
      let parent = (index - 1) / 2
      if holders[parent].deadline <= holder.deadline { break }
      place(holders[parent], at: index)
      index = parent
    }
    if index != start { place(holder, at: index) }
  }

  private mutating func siftDown(from start: Int) {
    var index = start
    let holder = holders[index]
    while true {
      var child = 2 * index + 1
      guard child < holders.count else { break }
      if child + 1 < holders.count, holders[child + 1].deadline < holders[child].deadline { child += 1 }
      if holder.deadline <= holders[child].deadline { break }
      place(holders[child], at: index)
      index = child
    }
    if index != start { place(holder, at: index) }
  }
}
