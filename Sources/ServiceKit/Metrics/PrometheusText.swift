/// Writes the Prometheus text exposition format, version 0.0.4.
public struct PrometheusText: Sendable {
  /// What was written so far.
  public private(set) var text = ""

  /// The media type of the format.
  public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  init() {}

  /// Writes one gauge.
  public mutating func gauge(_ name: String, _ help: String, labels: [(String, String)] = [], _ value: Double) {
    header(name, "gauge", help)
    sample(name, labels, value)
  }

  /// Writes one gauge for each of several label values.
  public mutating func gauges(_ name: String, _ help: String, _ samples: [(labels: [(String, String)], value: Double)])
  {
    header(name, "gauge", help)
    for (labels, value) in samples { sample(name, labels, value) }
  }

  /// Writes one counter; its name ends in `_total`.
  public mutating func counter(_ name: String, _ help: String, labels: [(String, String)] = [], _ value: Double) {
    header(name, "counter", help)
    sample(name, labels, value)
  }

  mutating func header(_ name: String, _ type: String, _ help: String?) {
    if let help {
      let escaped = help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
      text += "# HELP \(name) \(escaped)\n"
    }
    text += "# TYPE \(name) \(type)\n"
  }

  mutating func sample(_ name: String, _ labels: [(String, String)], _ value: Double) {
    text += name
    if !labels.isEmpty {
      text += "{"
      text += labels.map { "\(PrometheusName.label($0.0))=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
      text += "}"
    }
    text += " \(Self.number(value))\n"
  }

  static func number(_ value: Double) -> String {
    if value == .infinity { return "+Inf" }
    if value == -.infinity { return "-Inf" }
    if value.isNaN { return "NaN" }
    if let whole = Int64(exactly: value), whole.magnitude < 1 << 53 { return String(whole) }
    return String(value)
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
  }
}
