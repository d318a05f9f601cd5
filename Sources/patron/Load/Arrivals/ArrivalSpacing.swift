internal import ArgumentParser

/// How arrivals lie between each other.
enum ArrivalSpacing: String, Codable, Sendable, CaseIterable, ExpressibleByArgument {
  /// As independent tills make them: a Poisson process, given how many arrive in all.
  case poisson
  /// At equal distances.
  case even
}
