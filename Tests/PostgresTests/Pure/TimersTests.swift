import SeededRandomness
import Testing

@testable import Postgres

@Suite("Timers")
struct TimersTests {
  private func request() -> Request {
    Request(.nothing, submitted: Moment(nanoseconds: 0), deadline: Moment(nanoseconds: 1))
  }

  @Test("requests come due in the order of their moments", arguments: 0..<10)
  func order(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var timers = Timers()
    let moments = (0..<500).map { _ in Int64.random(in: 0...1_000, using: &random) }
    var expected: [ObjectIdentifier: Int64] = [:]
    var requests: [Request] = []
    for moment in moments {
      let request = request()
      requests.append(request)
      expected[ObjectIdentifier(request)] = moment
      timers.add(request, at: Moment(nanoseconds: moment))
    }
    var due: [Int64] = []
    while let request = timers.popDue(now: Moment(nanoseconds: 700)) {
      due.append(expected[ObjectIdentifier(request)]!)
    }
    #expect(due == moments.filter { $0 <= 700 }.sorted(), "seed \(seed)")
  }

  @Test("finished requests are never due, and do not stay for ever")
  func finished() {
    var timers = Timers()
    var requests: [Request] = []
    for number in 0..<2_000 {
      let request = request()
      requests.append(request)
      timers.add(request, at: Moment(nanoseconds: Int64(number)))
    }
    for request in requests.dropLast() {
      request.phase = .finished
      timers.requestFinished(request)
    }
    #expect(timers.popDue(now: Moment(nanoseconds: 10_000)) === requests.last)
    #expect(timers.popDue(now: Moment(nanoseconds: 10_000)) == nil)
  }
}
