import Basics
import Foundation
import ServiceKit

/// When requests are meant to start, one after the other, whatever becomes of them.
///
/// Works in counts of requests instead of time: arrivals are laid out as if the rate were 1, and the curve says when each
/// count is reached. There are exactly as many arrivals as the curve has, also with Poisson spacing: given their number,
/// the arrivals of a Poisson process are independent and uniform, and the next of `left` such points lies where the
/// smallest of them does (order statistics).
struct ArrivalSchedule: Sendable {
  /// How many arrivals there are in all.
  let count: Int

  private let curve: RateCurve
  private let spacing: ArrivalSpacing
  private let phase: Double
  private var random: RandomSource
  private var given = 0
  private var position = 0.0

  /// - Parameters:
  ///   - curve: The rates of all processes together.
  ///   - share: The process whose arrivals these are.
  init(_ curve: RateCurve, spacing: ArrivalSpacing, random: RandomSource, share: ProcessShare = ProcessShare()) {
    self.curve = curve
    self.spacing = spacing
    self.random = random
    count = share.part(of: Int(curve.total.rounded()))
    phase = Double(share.index) / Double(share.count)
  }

  /// The time of the next arrival, counted from the start; nil when all have come.
  mutating func next() -> Duration? {
    guard given < count else { return nil }
    switch spacing {
    case .even:
      position = (Double(given) + phase) / Double(count) * curve.total
    case .poisson:
      let left = Double(count - given)
      let number = Double.random(in: 0..<1, using: &random)
      position += (curve.total - position) * (1 - pow(1 - number, 1 / left))
    }
    given += 1
    return .seconds(curve.second(at: position))
  }
}

/// How arrivals lie between each other.
package enum ArrivalSpacing: String, Codable, Sendable, CaseIterable {
  /// As independent tills make them: a Poisson process, given how many arrive in all.
  case poisson
  /// At equal distances.
  case even
}
