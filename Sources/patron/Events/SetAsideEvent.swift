import Foundation
import LocalSuite

/// An event of another service that a service could not apply, as an operator sees it.
struct SetAsideEvent: Hashable, Sendable {
  /// The service whose log it is from.
  var source: String
  /// What it is about: later events of the same key wait behind it.
  var key: String
  var number: Int64
  var eventID: String
  /// Why it could not be applied.
  var reason: String
  var attempts: Int32
  var since: Date
  /// When it is tried again; nil if it is skipped.
  var retryAt: Date?
  /// How many events wait behind it.
  var waiting: Int64
  /// Why an operator has skipped it; nil if nobody has.
  var skippedReason: String?

  /// What `patron events list` says of it.
  var lines: [String] {
    let next = retryAt.map { "tried \(attempts)x, next at \(Self.text($0))" } ?? "tried \(attempts)x"
    let behind = waiting == 0 ? "" : ", \(Text.count(waiting)) wait behind it"
    let state = skippedReason.map { "skipped: \($0)" } ?? next + behind
    return [
      "  \(source) event \(eventID) of \(key), since \(Self.text(since)), \(state)",
      "    \(reason)",
    ]
  }

  private static func text(_ date: Date) -> String {
    date.formatted(.iso8601)
  }
}
