import Basics
import Foundation
import Postgres

/// Removes the answers to requests that are too old to be sent again, oldest first: they hold names and phone numbers.
///
/// Request ids are UUIDv7 and sort by time, so that the oldest ones are at the beginning of the table's key.
struct RequestRetention: Sendable {
  /// Small enough that one removal is over in a few milliseconds.
  private static let batchSize = 1_000
  /// By how much the clocks of a service's copies may differ: a request that one copy still takes must be known to it.
  private static let margin: Int64 = 86_400 * 1_000_000

  let database: Database
  let times: RequestTimes

  /// What must run beside the service.
  var job: Job {
    Job("remove old requests", every: .seconds(60)) { try await removeAll() }
  }

  /// Removes everything that is too old, a batch at a time.
  ///
  /// - Returns: How many requests.
  @discardableResult
  func removeAll() async throws -> Int {
    let first = UUID(mintedAtUnixMicroseconds: times.oldestRequest - Self.margin)
    var total = 0
    while true {
      let removed = try await database.execute(
        """
        DELETE FROM request WHERE request_id IN (
          SELECT request_id FROM request WHERE request_id < \(first)
          ORDER BY request_id LIMIT \(Int64(Self.batchSize)) FOR UPDATE SKIP LOCKED
        )
        """
      )
      total += removed
      if removed < Self.batchSize { return total }
      try Task.checkCancellation()
    }
  }
}
