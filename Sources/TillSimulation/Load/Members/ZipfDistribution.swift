import Foundation

/// Numbers from 1 to `count` of which k is drawn in proportion to 1 / k^exponent. A draw takes constant time and no table:
/// rejection-inversion (W. Hörmann, G. Derflinger: Rejection-inversion to generate variates from monotone discrete
/// distributions. ACM Transactions on Modeling and Computer Simulation 6 (1996) 169-184).
struct ZipfDistribution: Sendable {
  let count: Int
  let exponent: Double

  private let hatAtFirst: Double
  private let hatAtLast: Double
  private let squeeze: Double

  /// - Parameters:
  ///   - count: At least 1.
  ///   - exponent: Greater than 0.
  init(count: Int, exponent: Double) {
    precondition(count >= 1 && exponent > 0)
    self.count = count
    self.exponent = exponent
    hatAtFirst = Self.integral(1.5, exponent) - 1
    hatAtLast = Self.integral(Double(count) + 0.5, exponent)
    squeeze = 2 - Self.inverse(Self.integral(2.5, exponent) - Self.density(2, exponent), exponent)
  }

  /// Draws a number.
  func next(using random: inout some RandomNumberGenerator) -> Int {
    while true {
      let area = hatAtLast + Double.random(in: 0..<1, using: &random) * (hatAtFirst - hatAtLast)
      let point = Self.inverse(area, exponent)
      let number = min(Double(count), max(1, (point + 0.5).rounded(.down)))
      // Close to the number the hat lies wholly under the density, which saves most of the exact comparisons.
      if number - point <= squeeze
        || area >= Self.integral(number + 0.5, exponent) - Self.density(number, exponent)
      {
        return Int(number)
      }
    }
  }

  private static func density(_ x: Double, _ exponent: Double) -> Double {
    exp(-exponent * log(x))
  }

  /// The integral of the density from 1 to x: (x^(1-exponent) - 1) / (1 - exponent), which is log x for the exponent 1.
  private static func integral(_ x: Double, _ exponent: Double) -> Double {
    let logarithm = log(x)
    let power = (1 - exponent) * logarithm
    return (abs(power) > 1e-8 ? expm1(power) / power : 1 + power / 2) * logarithm
  }

  private static func inverse(_ area: Double, _ exponent: Double) -> Double {
    let power = max(-1, area * (1 - exponent))
    return exp((abs(power) > 1e-8 ? log1p(power) / power : 1 - power / 2) * area)
  }
}
