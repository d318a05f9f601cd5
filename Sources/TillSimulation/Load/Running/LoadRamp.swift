import LocalSuite

/// The search for the knee: the highest rate at which every request is answered, and 99 of 100 within a limit.
struct LoadRamp: Codable, Hashable, Sendable {
  /// One rate that was tried.
  struct Step: Codable, Hashable, Sendable {
    /// Requests a second that were offered.
    var rate: Double
    /// Requests a second that were answered.
    var answeredPerSecond: Double
    var p99Milliseconds: Double
    /// Requests that were not answered.
    var unanswered: Int
    var held: Bool
  }

  /// The longest that 99 of 100 requests may take.
  let limitMilliseconds: Double
  private(set) var steps: [Step] = []
  /// The highest rate that held; 0 if none did.
  private(set) var knee = 0.0
  /// Why the search was given up: requests failed for another reason than speed, so there is no knee to find.
  private(set) var fault: String?

  init(limit: Duration) {
    limitMilliseconds = limit / .milliseconds(1)
  }

  /// Tries rates, first in steps upwards, then between the highest that held and the lowest that did not. A rate that did
  /// not hold is tried once more, for a machine stumbles now and then. A rate at which requests fail for another reason than
  /// that the service was asked too much ends the search without a knee.
  ///
  /// - Parameters:
  ///   - first: The rate to begin with.
  ///   - trial: Offers a rate for a while, and returns nil if the operator wants no more.
  mutating func climb(first: Double, _ trial: (Double) async throws -> LoadSeries?) async throws {
    var search = RateSearch(first: first)
    while let rate = search.next {
      var hasHeld = false
      for _ in 0..<Self.trialsMaximum where !hasHeld {
        guard let series = try await trial(rate) else { return }
        hasHeld = series.holds(within: .milliseconds(1) * limitMilliseconds)
        steps.append(
          Step(
            rate: rate,
            answeredPerSecond: series.perSecond,
            p99Milliseconds: series.milliseconds(99),
            unanswered: series.unanswered,
            held: hasHeld
          )
        )
        if let (reason, count) = series.faults.max(by: { $0.value < $1.value }) {
          fault = "at \(Text.decimal(rate, digits: 0))/s \(Text.count(count)) requests failed: \(reason)"
          knee = 0
          return
        }
      }
      search.note(rate, held: hasHeld)
      knee = search.best
    }
  }

  /// How often a rate is tried before it is given up.
  private static let trialsMaximum = 2
}
