/// Finds the highest rate that a service holds: steps up until it no longer does, then narrows the gap. A value: it receives
/// how each trial went and says what to try next.
package struct RateSearch: Sendable {
  /// The factor from one step to the next on the way up.
  static let step = 1.4
  /// The search ends when the gap is below this share.
  static let precision = 0.08

  private var held = 0.0
  private var broken: Double?
  private let first: Double

  /// - Parameter first: The rate to begin with, which should be easy.
  package init(first: Double) {
    self.first = first
  }

  /// The highest rate that held so far; 0 if none did.
  package var best: Double { held }

  /// The rate to try next, or nil when the search is over.
  package var next: Double? {
    guard let broken else { return held == 0 ? first : held * Self.step }
    if held == 0 { return broken > 5 ? broken / 2 : nil }
    return (broken - held) / held > Self.precision ? (broken * held).squareRoot() : nil
  }

  /// Takes note of a trial.
  package mutating func note(_ rate: Double, held didHold: Bool) {
    if didHold { held = max(held, rate) } else { broken = min(broken ?? rate, rate) }
  }
}
