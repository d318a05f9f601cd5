import LocalSuite

/// A plot of lines, as SVG without scripts or anything from elsewhere. Colours are classes, which the page defines.
struct LinePlot: Sendable {
  /// One line.
  struct Line: Sendable {
    var name: String
    /// A class of the page: "a", "b", "c" or "d".
    var colour: String
    var points: [(x: Double, y: Double)]
  }

  var title: String
  var xName: String
  var yName: String
  var x: PlotAxis
  var y: PlotAxis
  var lines: [Line]

  private static let width = 860.0
  private static let height = 300.0
  private static let left = 70.0
  private static let right = 20.0
  private static let top = 36.0
  private static let bottom = 44.0

  /// The element.
  var svg: String {
    let size = "0 0 \(Self.number(Self.width)) \(Self.number(Self.height))"
    let parts = grid + lines.map(path) + legend
    return """
      <svg viewBox="\(size)" role="img" aria-label="\(Markup.escaped(title))" xmlns="http://www.w3.org/2000/svg">
      <title>\(Markup.escaped(title))</title>
      \(parts.joined(separator: "\n"))
      </svg>
      """
  }

  private func left(_ value: Double) -> Double {
    Self.left + x.place(value) * (Self.width - Self.left - Self.right)
  }

  private func top(_ value: Double) -> Double {
    Self.height - Self.bottom - y.place(value) * (Self.height - Self.top - Self.bottom)
  }

  private var grid: [String] {
    let base = Self.height - Self.bottom
    let across = y.marks.flatMap { mark in
      [
        Self.line("grid", Self.left, top(mark.value), Self.width - Self.right, top(mark.value)),
        Self.text(mark.label, Self.left - 8, top(mark.value) + 4, anchor: "end"),
      ]
    }
    let along = x.marks.flatMap { mark in
      [
        Self.line("grid", left(mark.value), Self.top, left(mark.value), base),
        Self.text(mark.label, left(mark.value), base + 18, anchor: "middle"),
      ]
    }
    let names = [
      Self.text(xName, (Self.left + Self.width - Self.right) / 2, Self.height - 6, anchor: "middle"),
      Self.text(yName, Self.left, 14, anchor: "start"),
    ]
    return across + along + names
  }

  private func path(_ line: Line) -> String {
    let points = line.points.map { "\(Self.number(left($0.x))),\(Self.number(top($0.y)))" }
    return #"<polyline class="line \#(line.colour)" points="\#(points.joined(separator: " "))"/>"#
  }

  private var legend: [String] {
    var place = Self.width - Self.right
    var parts: [String] = []
    for line in lines.reversed() {
      parts.append(Self.text(line.name, place, 14, anchor: "end"))
      place -= Double(line.name.count) * 7 + 8
      parts.append(Self.line("line \(line.colour)", place - 18, 10, place, 10))
      place -= 34
    }
    return parts
  }

  private static func line(_ name: String, _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> String {
    #"<line class="\#(name)" x1="\#(number(x1))" y1="\#(number(y1))" x2="\#(number(x2))" y2="\#(number(y2))"/>"#
  }

  private static func text(_ text: String, _ x: Double, _ y: Double, anchor: String) -> String {
    #"<text x="\#(number(x))" y="\#(number(y))" text-anchor="\#(anchor)">\#(Markup.escaped(text))</text>"#
  }

  private static func number(_ value: Double) -> String {
    Text.decimal(value, digits: 1)
  }
}
