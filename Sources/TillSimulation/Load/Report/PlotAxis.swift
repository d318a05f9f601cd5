import Foundation
import LocalSuite

/// Maps numbers to places along an axis, and says where its marks are.
struct PlotAxis: Sendable {
  /// How places follow from numbers.
  enum Scale: Sendable {
    case linear
    /// Of numbers greater than 0.
    case logarithmic
  }

  /// A place with a text.
  struct Mark: Hashable, Sendable {
    var value: Double
    var label: String
  }

  let scale: Scale
  let low: Double
  let high: Double
  let marks: [Mark]

  /// An axis from 0 to a round number that covers `values`.
  static func linear(_ values: [Double]) -> PlotAxis {
    let largest = max(values.max() ?? 0, 1e-9)
    let rough = largest / 5
    let magnitude = pow(10, log10(rough).rounded(.down))
    let step = [1, 2, 5, 10].map { $0 * magnitude }.first { $0 >= rough * 0.999 } ?? rough
    let count = Int((largest / step - 1e-9).rounded(.up))
    let marks = (0...max(1, count)).map { Mark(value: Double($0) * step, label: label(Double($0) * step)) }
    return PlotAxis(scale: .linear, low: 0, high: marks[marks.count - 1].value, marks: marks)
  }

  /// An axis over the powers of ten that hold all of `values` that are greater than 0.
  static func logarithmic(_ values: [Double]) -> PlotAxis {
    let positive = values.filter { $0 > 0 }
    let first = Int(log10(positive.min() ?? 1).rounded(.down))
    let last = max(first + 1, Int(log10(positive.max() ?? 1).rounded(.up)))
    let marks = (first...last).map { Mark(value: pow(10, Double($0)), label: label(pow(10, Double($0)))) }
    return PlotAxis(scale: .logarithmic, low: marks[0].value, high: marks[marks.count - 1].value, marks: marks)
  }

  /// An axis for percentiles, by nines: 0, 90, 99, 99.9 … are equally far apart.
  static func nines(_ most: Double) -> PlotAxis {
    let count = max(1, Int(log10(most).rounded(.up)))
    let marks = (0...count).map { nines in
      let digits = max(0, nines - 2)
      let percentile = 100 - 100 / pow(10, Double(nines))
      return Mark(value: pow(10, Double(nines)), label: "\(Text.decimal(percentile, digits: digits))%")
    }
    return PlotAxis(scale: .logarithmic, low: 1, high: pow(10, Double(count)), marks: marks)
  }

  /// Where a number is, from 0 at the axis' beginning to 1 at its end.
  func place(_ value: Double) -> Double {
    let share =
      switch scale {
      case .linear: (value - low) / (high - low)
      case .logarithmic: (log10(max(value, low)) - log10(low)) / (log10(high) - log10(low))
      }
    return min(1, max(0, share))
  }

  private static func label(_ value: Double) -> String {
    value >= 1_000 ? Text.count(Int(value.rounded())) : Text.trimmed(value)
  }
}
