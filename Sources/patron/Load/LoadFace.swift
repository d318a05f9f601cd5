internal import ArgumentParser

/// Whom the load calls.
enum LoadFace: String, Codable, Sendable, CaseIterable, ExpressibleByArgument {
  /// The points service: what a checkout costs at its commit point, without members and campaigns.
  case loyalty
  /// The gateway, as tills do.
  case gateway
}
