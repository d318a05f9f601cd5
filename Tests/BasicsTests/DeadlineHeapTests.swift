import Basics
import Testing

@Suite("Deadlines")
struct DeadlineHeapTests {
  private final class Holder: DeadlineHolder {
    let deadline: UInt64
    var deadlineIndex = -1

    init(_ deadline: UInt64) {
      self.deadline = deadline
    }
  }

  @Test("expires the due ones, earliest first, and no others")
  func expires() {
    var heap = DeadlineHeap<UInt64, Holder>()
    for time in [50, 10, 40, 20, 30] as [UInt64] { heap.insert(Holder(time), at: time) }
    var expired: [UInt64] = []
    while let holder = heap.popExpired(now: 30) {
      expired.append(holder.deadline)
    }
    #expect(expired == [10, 20, 30])
    #expect(heap.earliest == 40)
  }

  @Test("removing one that is not held does nothing")
  func removesTwice() {
    var heap = DeadlineHeap<UInt64, Holder>()
    let holder = Holder(1)
    heap.insert(holder, at: holder.deadline)
    heap.remove(holder)
    heap.remove(holder)
    #expect(heap.count == 0)
  }

  @Test("after any insertions and removals the rest expires in order")
  func anyOrder() {
    let seed = UInt64.random(in: 0 ... .max)
    var state = seed
    func random(_ bound: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) % bound
    }
    for _ in 0..<100 {
      var heap = DeadlineHeap<UInt64, Holder>()
      var held: [Holder] = []
      for _ in 0..<200 {
        if random(3) > 0 || held.isEmpty {
          let holder = Holder(random(1000))
          held.append(holder)
          heap.insert(holder, at: holder.deadline)
        } else {
          heap.remove(held.remove(at: Int(random(UInt64(held.count)))))
        }
      }
      var popped: [UInt64] = []
      while let holder = heap.popExpired(now: .max) { popped.append(holder.deadline) }
      #expect(popped == held.map(\.deadline).sorted(), "seed \(seed)")
    }
  }

  @Test("those that are let go are never due and leave nothing behind")
  func letGo() {
    var heap = DeadlineHeap<UInt64, Holder>()
    let holders = (0..<2_000).map { Holder($0) }
    for holder in holders { heap.insert(holder, at: holder.deadline) }
    for holder in holders.dropLast() { heap.remove(holder) }
    #expect(heap.count == 1)
    #expect(heap.popExpired(now: 10_000) === holders.last)
    #expect(heap.popExpired(now: 10_000) == nil)
  }
}
