/// One process of a suite and how it is looked after.
struct SuitePart: Sendable {
  var name: String
  /// Parts of one stage start together and stop together, later stages first.
  var stage: Int
  var command: Command
  /// The signal that asks it to finish what it is doing and end.
  var stopSignal: Int32
  /// Whether it can do its work.
  var isReady: @Sendable () async -> Bool
  /// What is to be done before it counts as ready, such as making databases.
  var prepare: @Sendable () async throws -> Void = {}
}
