import NIOCore
import Testing

@testable import RPC

@Suite("Deadlines of a lane")
struct DeadlineHeapTests {
  private final class Holder: DeadlineHolder {
    let deadline: NIODeadline
    var deadlineIndex = -1

    init(_ nanoseconds: UInt64) {
      deadline = .uptimeNanoseconds(nanoseconds)
    }
  }

  @Test("expires the due ones, earliest first, and no others")
  func expires() {
    var heap = DeadlineHeap<Holder>()
    for time in [50, 10, 40, 20, 30] as [UInt64] { heap.insert(Holder(time)) }
    var expired: [UInt64] = []
    while let holder = heap.popExpired(now: .uptimeNanoseconds(30)) {
      expired.append(holder.deadline.uptimeNanoseconds)
    }
    #expect(expired == [10, 20, 30])
    #expect(heap.earliest == .uptimeNanoseconds(40))
  }

  @Test("removing one that is not held does nothing")
  func removesTwice() {
    var heap = DeadlineHeap<Holder>()
    let holder = Holder(1)
    heap.insert(holder)
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
      var heap = DeadlineHeap<Holder>()
      var held: [Holder] = []
      for _ in 0..<200 {
        if random(3) > 0 || held.isEmpty {
          let holder = Holder(random(1000))
          held.append(holder)
          heap.insert(holder)
        } else {
          heap.remove(held.remove(at: Int(random(UInt64(held.count)))))
        }
      }
      var popped: [UInt64] = []
      while let holder = heap.popExpired(now: .distantFuture) { popped.append(holder.deadline.uptimeNanoseconds) }
      #expect(popped == held.map(\.deadline.uptimeNanoseconds).sorted(), "seed \(seed)")
    }
  }
}
