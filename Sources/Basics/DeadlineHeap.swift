/// Something that a ``DeadlineHeap`` can hold.
public protocol DeadlineHolder: AnyObject {
  /// Its place in the heap, kept by the heap; -1 outside.
  var deadlineIndex: Int { get set }
}

/// Objects by deadline: a binary heap in which each object knows its place. Holding one and letting it go again costs
/// O(log n) and no allocation, so one timer serves them all: most calls end long before their deadline.
///
/// Everything is inlinable, so that each module has it for its own objects.
public struct DeadlineHeap<Deadline: Comparable, Holder: DeadlineHolder> {
  @usableFromInline typealias Entry = (deadline: Deadline, holder: Holder)

  @usableFromInline var entries: [Entry] = []

  /// An empty heap.
  @inlinable
  public init() {}

  /// The next deadline.
  @inlinable public var earliest: Deadline? { entries.first?.deadline }

  /// How many objects are held.
  @inlinable public var count: Int { entries.count }

  /// Holds `holder`, which is not held yet, until `deadline`.
  @inlinable
  public mutating func insert(_ holder: Holder, at deadline: Deadline) {
    assert(holder.deadlineIndex < 0, "it is held already")
    holder.deadlineIndex = entries.count
    entries.append((deadline, holder))
    siftUp(from: entries.count - 1)
  }

  /// Lets `holder` go. Does nothing for one that is not held.
  @inlinable
  public mutating func remove(_ holder: Holder) {
    let index = holder.deadlineIndex
    guard index >= 0 else { return }
    holder.deadlineIndex = -1
    let last = entries.removeLast()
    guard last.holder !== holder else { return }
    place(last, at: index)
    siftUp(from: index)
    siftDown(from: last.holder.deadlineIndex)
  }

  /// Lets one go whose deadline is not after `now`, and returns it.
  @inlinable
  public mutating func popExpired(now: Deadline) -> Holder? {
    guard let first = entries.first, first.deadline <= now else { return nil }
    remove(first.holder)
    return first.holder
  }

  @inlinable
  mutating func place(_ entry: Entry, at index: Int) {
    entries[index] = entry
    entry.holder.deadlineIndex = index
  }

  @inlinable
  mutating func siftUp(from start: Int) {
    var index = start
    let entry = entries[index]
    while index > 0 {
      let parent = (index - 1) / 2
      if entries[parent].deadline <= entry.deadline { break }
      place(entries[parent], at: index)
      index = parent
    }
    if index != start { place(entry, at: index) }
  }

  @inlinable
  mutating func siftDown(from start: Int) {
    var index = start
    let entry = entries[index]
    while true {
      var child = 2 * index + 1
      guard child < entries.count else { break }
      if child + 1 < entries.count, entries[child + 1].deadline < entries[child].deadline { child += 1 }
      if entry.deadline <= entries[child].deadline { break }
      place(entries[child], at: index)
      index = child
    }
    if index != start { place(entry, at: index) }
  }
}
