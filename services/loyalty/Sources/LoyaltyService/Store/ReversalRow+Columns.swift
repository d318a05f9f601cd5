import Foundation
import Postgres

extension ReversalRow {
  /// The columns that ``read(_:)`` reads, in order.
  static let columns: SQL = """
    reversal.request_id, reversal.request_digest, reversal.reason, reversal.refunded_minor_units, \
    reversal.points_taken, reversal.points_returned, reversal.points_short, reversal.balance_points, reversal.reversed_at
    """

  /// Reads the columns; nil if an outer join found no reversal.
  static func read(_ row: inout RowReader) throws(PostgresError) -> ReversalRow? {
    let (requestId, digest) = (try row.next(UUID?.self), try row.next([UInt8]?.self))
    let (reason, refunded) = (try row.next(String?.self), try row.next(Int64?.self))
    let taken = try row.next(Int64?.self)
    let (returned, short) = (try row.next(Int64?.self), try row.next(Int64?.self))
    let (balance, reversedAt) = (try row.next(Int64?.self), try row.next(Date?.self))
    guard let requestId, let digest, let reason, let refunded, let taken, let returned, let short, let balance,
      let reversedAt
    else { return nil }
    return ReversalRow(
      requestId: requestId,
      requestDigest: digest,
      reason: reason,
      refundedMinorUnits: refunded,
      pointsTaken: taken,
      pointsReturned: returned,
      pointsShort: short,
      balancePoints: balance,
      reversedAt: reversedAt
    )
  }
}
