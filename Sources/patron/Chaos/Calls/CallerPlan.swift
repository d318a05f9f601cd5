internal import Foundation

/// What a caller is told when it starts.
struct CallerPlan: Codable, Hashable, Sendable {
  /// Where the copies of loyalty take calls.
  var targets: [String]
  var members: [UUID]
  /// The file to write down everything in.
  var journal: String
  var seed: UInt64
  /// How many calls are under way at a time.
  var concurrency: Int
}
