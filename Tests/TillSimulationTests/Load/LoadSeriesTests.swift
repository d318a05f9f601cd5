import Foundation
import Histogram
import ServiceKit
import Testing

@testable import LocalSuite
@testable import TillSimulation

@Suite("Counting and merging")
struct LoadSeriesTests {
  private func played(_ requests: Range<Int>, on tally: LoadTally) {
    for number in requests {
      let intended = Duration.milliseconds(number * 10)
      guard tally.begin("earn", intended: intended) else { continue }
      let latency = Duration.microseconds(100 + number * 37 % 5_000)
      let outcome: LoadTally.Outcome =
        number % 50 == 0 ? .failed(reason: "gone") : number % 10 == 1 ? .refused : .answered
      tally.end("earn", intended: intended, end: intended + latency, outcome)
    }
  }

  private func series(_ messages: [LoadMessage]) -> LoadSeries {
    messages.reduce(into: LoadSeries()) { $0.add($1) }
  }

  @Test("the reports of several processes, in any order and in JSON, add up to that of one")
  func merge() throws {
    let whole = LoadTally(outstandingMaximum: 10)
    played(0..<1_000, on: whole)
    let parts = [0..<333, 333..<700, 700..<1_000].map { range in
      let tally = LoadTally(outstandingMaximum: 10)
      played(range, on: tally)
      return tally.drain()
    }
    let one = series(whole.drain())
    let said = try parts.reversed().flatMap { $0.reversed() }.map { message in
      try JSONDecoder().decode(LoadMessage.self, from: JSONEncoder().encode(message))
    }
    let many = series(said)
    #expect(many.total.counts == one.total.counts)
    #expect(many.latencies == one.latencies)
    #expect(many.failures == one.failures)
    #expect(many.seconds.map(\.counts) == one.seconds.map(\.counts))
    #expect(many.seconds.map(\.latencies) == one.seconds.map(\.latencies))
  }

  @Test("percentiles of the merged histogram are those of all latencies")
  func percentiles() {
    let tally = LoadTally(outstandingMaximum: 1)
    for number in 1...10_000 {
      _ = tally.begin("earn", intended: .zero)
      tally.end("earn", intended: .zero, end: .microseconds(number), .answered)
    }
    let series = series(tally.drain())
    #expect(abs(series.milliseconds(50) - 5) < 0.01)
    #expect(abs(series.milliseconds(99) - 9.9) < 0.01)
    #expect(abs(series.milliseconds(100) - 10) < 0.01)
  }

  @Test("requests count in the second for which they were meant, answers also in the one in which they came")
  func seconds() {
    let tally = LoadTally(outstandingMaximum: 10)
    _ = tally.begin("earn", intended: .milliseconds(900))
    tally.end("earn", intended: .milliseconds(900), end: .milliseconds(2_100), .answered)
    let seconds = series(tally.drain()).seconds
    #expect(seconds.map(\.counts.offered) == [1, 0, 0])
    #expect(seconds.map(\.counts.answered) == [1, 0, 0])
    #expect(seconds.map(\.counts.completed) == [0, 0, 1])
    #expect(seconds[0].latencies.totalCount == 1)
  }

  @Test("what is beyond the most unanswered requests is not sent, and is not answered either")
  func outstanding() {
    let tally = LoadTally(outstandingMaximum: 2)
    let sent = (0..<5).map { _ in tally.begin("earn", intended: .zero) }
    #expect(sent == [true, true, false, false, false])
    for _ in 0..<2 { tally.end("earn", intended: .zero, end: .milliseconds(1), .answered) }
    let series = series(tally.drain())
    #expect(series.total.counts.offered == 5)
    #expect(series.total.counts.unsent == 3)
    #expect(series.unanswered == 3)
    #expect(!series.holds(within: .seconds(1)))
  }

  @Test("a message is short enough for a line, however many latencies there are")
  func lines() throws {
    let tally = LoadTally(outstandingMaximum: 1)
    for number in 0..<50_000 {
      _ = tally.begin("earn", intended: .zero)
      tally.end("earn", intended: .zero, end: .microseconds(1_000_000 + number * 7), .answered)
    }
    let messages = tally.drain()
    for message in messages { #expect(try JSONEncoder().encode(message).count < LineSplitter.lineBytesMaximum) }
    #expect(series(messages).latencies.totalCount == 50_000)
  }

  @Test("steps of a ramp follow each other in time")
  func steps() {
    func step(_ seconds: Int) -> LoadSeries {
      let tally = LoadTally(outstandingMaximum: 10)
      for second in 0..<seconds {
        _ = tally.begin("earn", intended: .seconds(second))
        tally.end("earn", intended: .seconds(second), end: .seconds(second) + .milliseconds(5), .answered)
      }
      return series(tally.drain() + [.finished(microseconds: Int64(seconds) * 1_000_000)])
    }
    var whole = LoadSeries()
    whole.append(step(2))
    whole.append(step(3))
    #expect(whole.seconds.map(\.counts.offered) == [1, 1, 1, 1, 1])
    #expect(whole.elapsed == .seconds(5))
    #expect(whole.perSecond == 1)
    #expect(whole.latencies.totalCount == 5)
    #expect(whole.seconds.map(\.latencies.totalCount) == [1, 1, 1, 1, 1])
    #expect(whole.kinds["earn"]?.latencies.totalCount == 5)
  }

  @Test("a lost process means that a rate was not held")
  func lost() {
    var series = series([
      .counts(LoadCounts(second: 0, kind: "earn", offered: 1, answered: 1, completed: 1, latencies: [100, 1]))
    ])
    #expect(series.holds(within: .milliseconds(1)))
    series.lose("gone")
    #expect(!series.holds(within: .milliseconds(1)))
  }
}
