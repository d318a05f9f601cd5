/// All series of one name.
struct PrometheusFamily: Sendable {
  enum Kind: String, Sendable { case counter, gauge, histogram }

  private struct Entry: Sendable {
    let labels: [(String, String)]
    let series: any AnyObject & Sendable
  }

  let name: String
  let kind: Kind
  private var entries: [String: Entry] = [:]
  private static let overflow = [("overflow", "true")]

  init(name: String, kind: Kind) {
    self.name = name
    self.kind = kind
  }

  /// The series with these labels, made when there is none. A series of another kind under the same name, which is a
  /// mistake in the program, is made but never written.
  mutating func series<Series: AnyObject & Sendable>(
    _ labels: [(String, String)],
    maximum: Int,
    make: () -> Series
  ) -> Series {
    let sorted = labels.sorted { $0.0 < $1.0 }
    let key = Self.key(sorted)
    if let entry = entries[key] { return entry.series as? Series ?? make() }
    let isFull = entries.count >= maximum && !labels.isEmpty
    let kept = isFull ? Self.overflow : sorted
    let keptKey = isFull ? Self.key(kept) : key
    if let entry = entries[keptKey] { return entry.series as? Series ?? make() }
    let series = make()
    entries[keptKey] = Entry(labels: kept, series: series)
    return series
  }

  mutating func replace(_ series: some AnyObject & Sendable, _ labels: [(String, String)]) {
    let sorted = labels.sorted { $0.0 < $1.0 }
    entries[Self.key(sorted)] = Entry(labels: sorted, series: series)
  }

  mutating func remove(_ series: AnyObject) {
    entries = entries.filter { $0.value.series !== series }
  }

  func write(to text: inout PrometheusText) {
    guard !entries.isEmpty else { return }
    text.header(name, kind.rawValue, nil)
    for (_, entry) in entries.sorted(by: { $0.key < $1.key }) {
      switch entry.series {
      case let counter as CounterSeries: text.sample(name, entry.labels, counter.value)
      case let gauge as GaugeSeries: text.sample(name, entry.labels, gauge.value)
      case let gauge as ComputedSeries: text.sample(name, entry.labels, gauge.read())
      case let histogram as HistogramSeries: write(histogram, entry.labels, to: &text)
      default: break
      }
    }
  }

  private func write(_ histogram: HistogramSeries, _ labels: [(String, String)], to text: inout PrometheusText) {
    let (counts, sum) = histogram.snapshot
    var total: UInt64 = 0
    for (index, count) in counts.enumerated() {
      total += count
      let bound = index < histogram.bounds.count ? histogram.bounds[index] : .infinity
      text.sample("\(name)_bucket", labels + [("le", PrometheusText.number(bound))], Double(total))
    }
    text.sample("\(name)_sum", labels, sum)
    text.sample("\(name)_count", labels, Double(total))
  }

  private static func key(_ labels: [(String, String)]) -> String {
    labels.map { "\($0.0)\u{1}\($0.1)" }.joined(separator: "\u{2}")
  }
}

/// Names as Prometheus takes them: letters, digits and underscores, with the unit last.
enum PrometheusName {
  /// `grpc.server.call.duration` with `_seconds` → `grpc_server_call_duration_seconds`
  static func metric(_ label: String, suffix: String) -> String {
    let name = sanitized(label, allowsColon: true)
    return name.hasSuffix(suffix) ? name : name + suffix
  }

  static func label(_ name: String) -> String { sanitized(name, allowsColon: false) }

  private static func sanitized(_ name: String, allowsColon: Bool) -> String {
    var result = ""
    for character in name.unicodeScalars {
      switch character {
      case "a"..."z", "A"..."Z", "_": result.unicodeScalars.append(character)
      case "0"..."9":
        if result.isEmpty { result += "_" }
        result.unicodeScalars.append(character)
      case ":" where allowsColon: result.unicodeScalars.append(character)
      default: result += "_"
      }
    }
    return result.isEmpty ? "_" : result
  }
}
