/// Requests by due moment in a binary heap. A finished request stays until it is due or until half of the heap is
/// finished, so finishing costs nothing.
struct Timers {
  private struct Entry {
    var moment: Moment
    var request: Request
  }

  private var heap: [Entry] = []
  private var finished = 0

  /// The next due moment.
  var next: Moment? { heap.first?.moment }

  mutating func add(_ request: Request, at moment: Moment) {
    request.hasTimer = true
    heap.append(Entry(moment: moment, request: request))
    siftUp(heap.count - 1)
  }

  /// Records that a request finished.
  mutating func requestFinished(_ request: Request) {
    guard request.hasTimer else { return }
    finished += 1
    guard finished > 256, finished > heap.count / 2 else { return }
    heap.removeAll { entry in
      if entry.request.isFinished { entry.request.hasTimer = false }
      return entry.request.isFinished
    }
    finished = 0
    for index in stride(from: heap.count / 2 - 1, through: 0, by: -1) { siftDown(index) }
  }

  /// Removes and returns the next due request that has not finished.
  mutating func popDue(now: Moment) -> Request? {
    while let first = heap.first, first.moment <= now {
      let last = heap.removeLast()
      if !heap.isEmpty {
        heap[0] = last
        siftDown(0)
      }
      first.request.hasTimer = false
      if !first.request.isFinished { return first.request }
      finished -= 1
    }
    return nil
  }

  private mutating func siftUp(_ start: Int) {
    var index = start
    while index > 0 {
      let parent = (index - 1) / 2
      guard heap[index].moment < heap[parent].moment else { return }
      heap.swapAt(index, parent)
      index = parent
    }
  }

  private mutating func siftDown(_ start: Int) {
    var index = start
    while true {
      var smallest = index
      for child in [2 * index + 1, 2 * index + 2]
      where child < heap.count && heap[child].moment < heap[smallest].moment {
        smallest = child
      }
      guard smallest != index else { return }
      heap.swapAt(index, smallest)
      index = smallest
    }
  }
}
