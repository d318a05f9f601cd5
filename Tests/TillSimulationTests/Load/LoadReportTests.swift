import Foundation
import FoundationXML
import Testing

@testable import TillSimulation

@Suite("The report of a load")
struct LoadReportTests {
  private func series(failing: Bool = true) -> LoadSeries {
    let tally = LoadTally(outstandingMaximum: 1_000)
    for number in 0..<3_000 {
      let intended = Duration.milliseconds(number)
      let kind = number % 3 == 0 ? "redeem" : "earn"
      _ = tally.begin(kind, intended: intended)
      let outcome: LoadTally.Outcome =
        failing && number % 100 == 0 ? .failed(reason: "earn: UNAVAILABLE <gone> & \"away\"\u{1}") : .answered
      tally.end(kind, intended: intended, end: intended + .microseconds(500 + number * 13 % 40_000), outcome)
    }
    var series = LoadSeries()
    for message in tally.drain() + [.finished(microseconds: 3_000_000)] { series.add(message) }
    return series
  }

  private func report(
    _ series: LoadSeries,
    verdict: Verdict = .clean,
    ramp: LoadRamp? = nil
  ) throws -> LoadReport {
    let report = LoadReport(
      series,
      settings: [LoadReport.Setting(name: "target", value: "loyalty at [::1]:7402 & <others>")],
      startedAt: "2026-11-22T14:00:00Z",
      acknowledged: AcknowledgedCounts(orders: 2_900, reversals: 70, storedValueMovements: 30),
      wasInterrupted: false,
      ramp: ramp,
      verdict: verdict,
      checkedBy: "a test"
    )
    return try #require(report)
  }

  /// Returns an XML parser's error, nil if the text is well-formed.
  private func complaint(_ text: String) -> String? {
    let parser = XMLParser(data: Data(text.utf8))
    return parser.parse() ? nil : "\(parser.parserError.map { "\($0)" } ?? "") in line \(parser.lineNumber)"
  }

  @Test("without a verdict there is no report")
  func unchecked() {
    let report = LoadReport(
      series(),
      settings: [],
      startedAt: "",
      acknowledged: AcknowledgedCounts(),
      wasInterrupted: false,
      ramp: nil,
      verdict: .notAsked(reason: "nobody was there"),
      checkedBy: "nobody"
    )
    #expect(report == nil)
  }

  @Test("it ends with rate, percentiles and verdict for programs")
  func results() throws {
    let results = try report(series(failing: false)).results
    #expect(results.first == "RESULT load.rate=1000.0")
    #expect(results.last == "RESULT load.verdict=clean")
    #expect(results.contains { $0.hasPrefix("RESULT load.p99_ms=") })
    #expect(results.contains("RESULT load.failed=0"))
  }

  @Test("people read the settings, the kinds, the failures and the verdict")
  func text() throws {
    let text = try report(series()).lines.joined(separator: "\n")
    for part in [
      "loyalty at [::1]:7402", "redeem", "30 ×", "verdict: clean", "2,900 orders", "30 movements of stored values",
      "99",
    ] {
      #expect(text.contains(part), "\(part)")
    }
  }

  @Test("findings of the check and of the run are all reported, and the run is not good")
  func findings() throws {
    var series = series()
    series.add(.finding("the order X got another answer"))
    let found = try report(series, verdict: .findings(["3 balances are wrong"]))
    #expect(!found.isGood)
    #expect(found.results.last == "RESULT load.verdict=findings")
    let text = found.lines.joined(separator: "\n")
    #expect(text.contains("the order X got another answer"))
    #expect(text.contains("3 balances are wrong"))

    #expect(try report(series).verdict == .findings(["the order X got another answer"]))
  }

  @Test("a lost process makes the run no good, though the ledger is clean")
  func lost() throws {
    var series = series()
    series.lose("Process 2 of 2 was ended by signal 9")
    let report = try report(series)
    #expect(!report.isGood)
    #expect(report.lines.joined().contains("signal 9"))
  }

  @Test("the JSON is read back unchanged")
  func json() throws {
    let report = try report(series())
    let copy = try JSONDecoder().decode(LoadReport.self, from: report.json())
    #expect(copy.total == report.total)
    #expect(copy.seconds == report.seconds)
    #expect(copy.verdict == .clean)
    #expect(copy.failures == report.failures)
    #expect(copy.acknowledged == report.acknowledged)
  }

  @Test(
    "the page is well-formed, and asks for nothing from elsewhere",
    arguments: [Verdict.clean, .findings(["<b> & \u{7}"])]
  )
  func page(verdict: Verdict) throws {
    var ramp = LoadRamp(limit: .milliseconds(50))
    #expect(ramp.knee == 0)
    ramp = LoadRamp(limit: .milliseconds(25))
    let html = LoadPage(report: try report(series(), verdict: verdict, ramp: ramp)).html
    #expect(complaint(html) == nil)
    #expect(!html.contains("<script"))
    for reference in ["src=", "href=", "url(", "@import"] { #expect(!html.contains(reference), "\(reference)") }
    #expect(html.contains("prefers-color-scheme: dark"))
    #expect(html.components(separatedBy: "<svg").count == 5)
  }

  @Test("a page of a run without a single answer is well-formed too")
  func empty() throws {
    let report = try report(LoadSeries())
    #expect(complaint(LoadPage(report: report).html) == nil)
    #expect(report.results.first == "RESULT load.rate=0.0")
  }

  @Test("the percentile curve rises from the fastest request to the slowest")
  func curve() throws {
    let report = try report(series(failing: false))
    let curve = report.percentiles
    #expect(curve.first?.percentile == 0)
    #expect(curve.last?.percentile == 100)
    #expect(zip(curve, curve.dropFirst()).allSatisfy { $0.percentile < $1.percentile })
    #expect(zip(curve, curve.dropFirst()).allSatisfy { $0.milliseconds <= $1.milliseconds })
    #expect(curve.last?.milliseconds == report.total.latencyMilliseconds.max)
  }

  @Test("offered and answered requests are drawn second by second")
  func throughput() throws {
    let plot = try #require(
      LoadPage(report: try report(series(failing: false))).plots.first { $0.title == "Throughput" }
    )
    #expect(plot.lines.map(\.name) == ["offered", "answered"])
    #expect(plot.lines[0].points.map(\.y).prefix(3) == [1_000, 1_000, 1_000])
    #expect(plot.lines[1].points.map(\.y).reduce(0, +) == 3_000)
  }
}

@Suite("The axes of a plot")
struct PlotAxisTests {
  @Test(
    "a linear axis begins at 0, ends at a round number beyond the largest, and has a handful of marks",
    arguments: [0.003, 1, 7.2, 3_952, 1_000_000]
  )
  func linear(largest: Double) {
    let axis = PlotAxis.linear([0, largest])
    #expect(axis.place(0) == 0)
    #expect(axis.place(largest) > 0.5 && axis.place(largest) <= 1)
    #expect((2...8).contains(axis.marks.count))
  }

  @Test("a logarithmic axis covers whole powers of ten")
  func logarithmic() {
    let axis = PlotAxis.logarithmic([0, 0.4, 120])
    #expect(axis.marks.map(\.value) == [0.1, 1, 10, 100, 1_000])
    #expect(abs(axis.place(10) - 0.5) < 1e-9)
    #expect(axis.place(0) == 0)
  }

  @Test("nines lie equally far apart")
  func nines() {
    let axis = PlotAxis.nines(237_120)
    #expect(axis.marks.map(\.label) == ["0%", "90%", "99%", "99.9%", "99.99%", "99.999%", "99.9999%"])
    #expect(abs(axis.place(100) - 2.0 / 6) < 1e-9)
  }

  @Test("an axis without numbers can be drawn all the same")
  func empty() {
    #expect(PlotAxis.linear([]).place(0) == 0)
    #expect(PlotAxis.logarithmic([]).marks.count >= 2)
  }
}
