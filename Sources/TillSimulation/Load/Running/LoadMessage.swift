/// What a process of a load tells its parent, a line of JSON each.
package enum LoadMessage: Codable, Hashable, Sendable {
  /// What happened since the last word.
  case counts(LoadCounts)
  /// Why requests failed, and how often, since the last word.
  case failures([String: Int])
  /// Of those, the ones that failed for another reason than that the service was asked too much.
  case faults([String: Int])
  /// Something that must not be.
  case finding(String)
  /// Everything has been sent and answered, this number of microseconds after the start.
  case finished(microseconds: Int64)
}

/// What happened to the requests of one kind that were meant to start in one second.
package struct LoadCounts: Codable, Hashable, Sendable {
  /// The second, counted from the start of the run.
  var second: Int
  var kind: String
  /// Requests that were meant to start then.
  var offered = 0
  /// Requests that were answered, refusals included.
  var answered = 0
  /// Of those, the ones refused for a reason of business, such as too few points.
  var refused = 0
  /// Requests that failed.
  var failed = 0
  /// Requests that could not be sent, because too many were unanswered.
  var unsent = 0
  /// Requests that were answered in this second, whenever they were meant to start.
  var completed = 0
  /// From intended start to answer: microseconds and how many took so long, in turn.
  var latencies: [UInt64] = []
}

/// Something that a service must never do, noticed during the run.
package struct LoadFinding: Error, Hashable, CustomStringConvertible {
  package var description: String

  package init(_ description: String) {
    self.description = description
  }
}
