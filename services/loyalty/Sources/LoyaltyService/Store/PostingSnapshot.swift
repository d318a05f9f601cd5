import Foundation
import Postgres

/// Everything that a posting depends on, as one statement read it.
struct PostingSnapshot: Sendable {
  var programme: Programme
  /// Nil if the member has no account.
  var account: AccountRow?
  /// Nil if the reservation's fate is open, or if there is no reservation.
  var fate: ReservationFate?
  /// What was posted under the same request id before.
  var posted: PostedOrder?
}

extension PostingSnapshot {
  /// Reads the snapshot of a posting.
  static func query(_ key: PostingKey) -> SQL {
    """
    SELECT \(Programme.columns), \(AccountRow.columns), fate.outcome, fate.order_id, \(PostedOrder.columns)
    FROM programme
      LEFT JOIN account ON account.lane = \(Lane(member: key.memberId).number) AND account.member_id = \(key.memberId)
      LEFT JOIN reservation_outcome AS fate ON fate.reservation_id = \(key.reservationId)
      LEFT JOIN orders ON orders.order_id = \(key.orderId)
    """
  }

  init(_ rows: Rows) throws {
    guard let row = rows.first else { throw BrokenInvariant("there is no programme") }
    var reader = RowReader(row)
    programme = try Programme.read(&reader)
    account = try AccountRow.read(&reader)
    let (outcome, orderId) = (try reader.next(ReservationOutcome?.self), try reader.next(UUID?.self))
    fate = outcome.map { ReservationFate(outcome: $0, orderId: orderId) }
    posted = try PostedOrder.read(&reader)
  }
}
