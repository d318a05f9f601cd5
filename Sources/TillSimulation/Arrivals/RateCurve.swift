/// How many requests a second are offered, as time goes by: a staircase.
package struct RateCurve: Codable, Hashable, Sendable {
  /// A time with one rate.
  struct Step: Codable, Hashable, Sendable {
    var seconds: Double
    /// Requests a second.
    var rate: Double
  }

  var steps: [Step]

  /// The same rate all the time.
  package static func constant(_ rate: Double, seconds: Double) -> RateCurve {
    RateCurve(steps: [Step(seconds: seconds, rate: rate)])
  }

  /// A whole day, squeezed into `seconds`, whose busiest hour has the rate `peak`.
  ///
  /// - Parameter hours: How much there is to do in each hour, in any unit.
  package static func day(_ hours: [Int], peak: Double, seconds: Double) -> RateCurve {
    let busiest = Double(max(1, hours.max() ?? 1))
    return RateCurve(
      steps: hours.map { Step(seconds: seconds / Double(hours.count), rate: peak * Double($0) / busiest) }
    )
  }

  /// How long it lasts.
  var seconds: Double { steps.reduce(0) { $0 + $1.seconds } }

  /// How many requests there are in all.
  var total: Double { steps.reduce(0) { $0 + $1.seconds * $1.rate } }

  /// The highest rate.
  var peak: Double { steps.reduce(0) { max($0, $1.rate) } }

  /// The second in which the number of requests reaches `count`.
  func second(at count: Double) -> Double {
    var rest = count
    var start = 0.0
    for step in steps {
      let content = step.seconds * step.rate
      if rest < content { return start + rest / step.rate }
      rest -= content
      start += step.seconds
    }
    return seconds
  }
}
