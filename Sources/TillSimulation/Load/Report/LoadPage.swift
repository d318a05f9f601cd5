import LocalSuite

/// The report as one HTML page that needs nothing else: well-formed XML too, readable on dark and light screens.
package struct LoadPage: Sendable {
  let report: LoadReport

  package init(report: LoadReport) {
    self.report = report
  }

  /// The whole page.
  package var html: String {
    """
    <!DOCTYPE html>
    <html lang="en" xmlns="http://www.w3.org/1999/xhtml">
    <head>
    <meta charset="utf-8"/>
    <meta name="viewport" content="width=device-width, initial-scale=1"/>
    <meta name="color-scheme" content="light dark"/>
    <title>Load of \(Markup.escaped(report.startedAt))</title>
    <style>\(Self.style)</style>
    </head>
    <body>
    <h1>\(Text.decimal(report.ratePerSecond, digits: 0)) answers a second, p99 \
    \(LoadReport.time(report.total.latencyMilliseconds.p99))</h1>
    \(verdict)
    <p>\(Markup.escaped(summary))</p>
    \(plots.map { "<figure>\n<figcaption>\(Markup.escaped($0.title))</figcaption>\n\($0.svg)\n</figure>" }.joined(separator: "\n"))
    \(table("By kind", ["kind"] + Self.columns, report.kinds.map { [$0.name] + Self.cells($0) }))
    \(ramp)
    \(failures)
    \(table("Settings", ["setting", "value"], report.settings.map { [$0.name, $0.value] }))
    </body>
    </html>

    """
  }

  private var summary: String {
    let total = report.total
    let lost = report.lostProcesses.map { " \($0)" }.joined()
    return "\(Text.count(total.offered)) requests offered in \(Text.decimal(report.elapsedSeconds, digits: 1)) s, "
      + "\(Text.count(total.answered)) answered, \(Text.count(total.refused)) of them refused for business reasons, "
      + "\(Text.count(total.failed)) failed. Latency counts from the intended start of each request."
      + (report.wasInterrupted ? " The run was interrupted." : "") + lost
  }

  private var verdict: String {
    let checked = Markup.escaped("Checked by \(report.checkedBy); \(report.acknowledged.text) were acknowledged.")
    guard case .findings(let findings) = report.verdict else {
      return #"<p class="verdict good"><strong>Verdict: clean.</strong> \#(checked)</p>"#
    }
    let items = findings.map { "<li>\(Markup.escaped($0))</li>" }.joined()
    return
      #"<div class="verdict bad"><strong>Verdict: the ledger is wrong.</strong> \#(checked)<ul>\#(items)</ul></div>"#
  }

  /// Latency, percentiles, throughput and errors.
  var plots: [LinePlot] {
    let seconds = report.seconds.enumerated().map { (x: Double($0), part: $1) }
    let time = PlotAxis.linear([Double(max(1, seconds.count - 1))])
    func line(_ name: String, _ colour: String, _ value: (LoadReport.Part) -> Double) -> LinePlot.Line {
      LinePlot.Line(name: name, colour: colour, points: seconds.map { ($0.x, value($0.part)) })
    }
    func axis(_ lines: [LinePlot.Line], _ make: ([Double]) -> PlotAxis) -> PlotAxis {
      make(lines.flatMap { $0.points.map(\.y) })
    }
    // A second without answers has no latency.
    let latency = [
      line("max", "c") { $0.latencyMilliseconds.max },
      line("p99", "b") { $0.latencyMilliseconds.p99 },
      line("p50", "a") { $0.latencyMilliseconds.p50 },
    ].map { line in
      LinePlot.Line(name: line.name, colour: line.colour, points: line.points.filter { $0.y > 0 })
    }
    let throughput = [
      line("offered", "d") { Double($0.offered) }, line("answered", "a") { Double($0.completed) },
    ]
    let errors = [line("failed", "c") { Double($0.failed) }, line("refused", "b") { Double($0.refused) }]
    let curve = LinePlot.Line(
      name: "all requests",
      colour: "b",
      points: report.percentiles.map { (100 / max(100 - $0.percentile, 50 / most), $0.milliseconds) }
    )
    return [
      LinePlot(
        title: "Latency over time",
        xName: "seconds from the start",
        yName: "milliseconds",
        x: time,
        y: axis(latency, PlotAxis.logarithmic),
        lines: latency
      ),
      LinePlot(
        title: "Latency by percentile",
        xName: "share of requests that took no longer",
        yName: "milliseconds",
        x: .nines(most),
        y: axis([curve], PlotAxis.logarithmic),
        lines: [curve]
      ),
      LinePlot(
        title: "Throughput",
        xName: "seconds from the start",
        yName: "requests a second",
        x: time,
        y: axis(throughput, PlotAxis.linear),
        lines: throughput
      ),
      LinePlot(
        title: "Errors",
        xName: "seconds from the start",
        yName: "requests a second",
        x: time,
        y: axis(errors + [LinePlot.Line(name: "", colour: "", points: [(0, 1)])], PlotAxis.linear),
        lines: errors
      ),
    ]
  }

  /// How many requests there are behind the percentiles.
  private var most: Double { Double(max(10, report.total.answered)) }

  private static let columns = [
    "offered", "answered", "refused", "failed", "p50 ms", "p90 ms", "p99 ms", "p99.9 ms", "max ms",
  ]

  private static func cells(_ part: LoadReport.Part) -> [String] {
    let latency = part.latencyMilliseconds
    return [part.offered, part.answered, part.refused, part.failed].map(Text.count)
      + [latency.p50, latency.p90, latency.p99, latency.p999, latency.max].map { Text.decimal($0, digits: 2) }
  }

  private var ramp: String {
    guard let ramp = report.ramp else { return "" }
    let rows = ramp.steps.map { step in
      [
        Text.decimal(step.rate, digits: 0), Text.decimal(step.answeredPerSecond, digits: 0),
        Text.decimal(step.p99Milliseconds, digits: 1), Text.count(step.unanswered), step.held ? "yes" : "no",
      ]
    }
    let limit = "p99 within \(Text.trimmed(ramp.limitMilliseconds)) ms"
    let title =
      ramp.fault.map { "No knee: \($0)" }
      ?? "The knee: \(Text.decimal(ramp.knee, digits: 0)) requests a second with \(limit)"
    return table(title, ["rate", "answered a second", "p99 ms", "unanswered", "held"], rows)
  }

  private var failures: String {
    guard !report.failures.isEmpty else { return "" }
    let rows = report.failures.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    return table("Failures", ["reason", "requests"], rows.map { [$0.key, Text.count($0.value)] })
  }

  private func table(_ title: String, _ header: [String], _ rows: [[String]]) -> String {
    func row(_ cells: [String], _ tag: String) -> String {
      "<tr>\(cells.map { "<\(tag)>\(Markup.escaped($0))</\(tag)>" }.joined())</tr>"
    }
    return """
      <h2>\(Markup.escaped(title))</h2>
      <table>
      <thead>\(row(header, "th"))</thead>
      <tbody>\(rows.map { row($0, "td") }.joined(separator: "\n"))</tbody>
      </table>
      """
  }

  private static let style = """

    :root { --ground: #fff; --ink: #1c2024; --faint: #d8dce0; --a: #0b6bcb; --b: #b4540a; --c: #c01c3a; --d: #6b7580;
      --good: #e3f4e7; --bad: #fbe4e6; }
    @media (prefers-color-scheme: dark) {
      :root { --ground: #14171a; --ink: #e6e9ec; --faint: #353b41; --a: #5aa9f5; --b: #f0a050; --c: #f2708a; --d: #98a2ac;
        --good: #17351f; --bad: #431a20; }
    }
    body { background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; max-width: 60rem;
      margin: 2rem auto; padding: 0 1rem; }
    h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
    .verdict { padding: .6rem 1rem; border-radius: .4rem; } .good { background: var(--good); }
    .bad { background: var(--bad); }
    figure { margin: 1.5rem 0; } figcaption { font-weight: 600; margin-bottom: .4rem; } svg { width: 100%; height: auto; }
    svg text { fill: var(--ink); font: 12px system-ui, sans-serif; }
    .grid { stroke: var(--faint); stroke-width: 1; } .line { fill: none; stroke-width: 1.6; }
    .a { stroke: var(--a); } .b { stroke: var(--b); } .c { stroke: var(--c); } .d { stroke: var(--d); }
    table { border-collapse: collapse; display: block; overflow-x: auto; }
    th, td { border-bottom: 1px solid var(--faint); padding: .25rem .8rem .25rem 0; text-align: left; }
    td { font-variant-numeric: tabular-nums; }

    """
}

/// Text in a page.
enum Markup {
  /// Text as it stands between tags and in quoted attributes, whatever characters it has.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      // XML knows no way to write most control characters.
      case "\u{0}"..."\u{8}", "\u{B}", "\u{C}", "\u{E}"..."\u{1F}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
