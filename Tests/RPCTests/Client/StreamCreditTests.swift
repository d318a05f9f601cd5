import Testing

@testable import RPC

@Suite("Flow-control credit of a response stream")
struct StreamCreditTests {
  @Test("credit for a whole message goes back when it is taken")
  func wholeMessage() {
    var credit = StreamCredit()
    credit.arrived(105)
    #expect(credit.completed(frameBytes: 105) == 105)
    #expect(credit.settle() == 0)
    #expect(credit.taken(105) == 105)
  }

  @Test("credit for the beginning of a message goes back while nothing can be taken")
  func partialMessage() {
    var credit = StreamCredit()
    credit.arrived(60)
    #expect(credit.settle() == 60)
    credit.arrived(45)
    #expect(credit.completed(frameBytes: 105) == 45)
    #expect(credit.taken(45) == 45)
  }

  @Test("the beginning of a message waits behind whole ones, and is freed with the last of them")
  func partialBehindWhole() {
    var credit = StreamCredit()
    credit.arrived(130)
    #expect(credit.completed(frameBytes: 50) == 50)
    #expect(credit.completed(frameBytes: 50) == 50)
    #expect(credit.settle() == 0)
    #expect(credit.taken(50) == 50)
    #expect(credit.taken(50) == 80)
  }

  @Test("in any order of events all credit comes back, and never more")
  func conserves() {
    let seed = UInt64.random(in: 0 ... .max)
    var state = seed
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    for _ in 0..<200 {
      var credit = StreamCredit()
      var arrived = 0
      var granted = 0
      var inMessage = 0
      var held: [Int] = []
      for _ in 0..<100 {
        let bytes = random(50) + 1
        credit.arrived(bytes)
        arrived += bytes
        inMessage += bytes
        if random(2) == 0 {
          held.append(credit.completed(frameBytes: inMessage))
          inMessage = 0
        }
        granted += credit.settle()
        if random(3) == 0, !held.isEmpty { granted += credit.taken(held.removeFirst()) }
        #expect(granted <= arrived, "seed \(seed)")
        if held.isEmpty { #expect(granted == arrived, "seed \(seed)") }
      }
      for bytes in held { granted += credit.taken(bytes) }
      #expect(granted == arrived, "seed \(seed)")
    }
  }
}
