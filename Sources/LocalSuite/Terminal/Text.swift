package import Logging

/// Numbers as people read them.
package enum Text {
  /// "47,243"
  package static func count(_ number: some BinaryInteger) -> String {
    let digits = Array(String(number.magnitude))
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
      text.append(digit)
    }
    return number < 0 ? "-" + text : text
  }

  /// "233,935.24 USD", for currencies with hundredths.
  package static func amount(_ minorUnits: Int64, _ currencyCode: String) -> String {
    let magnitude = minorUnits.magnitude
    let cents = magnitude % 100
    let sign = minorUnits < 0 ? "-" : ""
    return "\(sign)\(count(magnitude / 100)).\(cents < 10 ? "0" : "")\(cents) \(currencyCode)"
  }

  /// "850 ms", "12.3 s", "2 min 5 s"
  package static func duration(_ duration: Duration) -> String {
    let milliseconds = duration / .milliseconds(1)
    if milliseconds < 1_000 { return "\(Int(milliseconds)) ms" }
    if milliseconds < 60_000 { return "\(decimal(milliseconds / 1_000, digits: 1)) s" }
    let seconds = Int(milliseconds / 1_000)
    return "\(seconds / 60) min \(seconds % 60) s"
  }

  /// A number with this number of digits after the point, rounded.
  package static func decimal(_ number: Double, digits: Int) -> String {
    guard number.isFinite, number.magnitude < 1e15 else { return "\(number)" }
    let scale = (0..<digits).reduce(1) { scale, _ in scale * 10 }
    let scaled = Int((number.magnitude * Double(scale)).rounded())
    let fraction = String(scaled % scale)
    let whole = (number < 0 ? "-" : "") + String(scaled / scale)
    return digits == 0 ? whole : "\(whole).\(String(repeating: "0", count: digits - fraction.count))\(fraction)"
  }

  /// A number with at most three digits after the point and none that say nothing: "70", "0.99".
  package static func trimmed(_ number: Double) -> String {
    var text = decimal(number, digits: 3)
    while text.contains("."), text.last == "0" || text.last == "." { text.removeLast() }
    return text
  }
}

extension Logger {
  /// Says nothing: what a command has to say it says on the terminal.
  package static var silent: Logger { Logger(label: "patron") { _ in SwiftLogNoOpLogHandler() } }
}
