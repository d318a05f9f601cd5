import Basics
import Foundation
import Messages
import PatronAPI
import ServiceKit

extension LoyaltyV1.Order {
  /// The order that a posting makes of a request.
  init(_ command: PostOrderCommand, _ posting: OrderPosting, currency: String, postedAt: Date) {
    let request = command.request
    func money(_ minorUnits: Int64) -> CommonV1.Money {
      CommonV1.Money(currencyCode: currency, minorUnits: minorUnits)
    }
    self.init(
      orderID: command.key.orderID.text,
      memberID: command.key.memberID.text,
      storeID: request.storeID,
      tillID: request.tillID,
      receiptNumber: request.receiptNumber,
      occurredAt: request.occurredAt,
      lines: request.lines,
      gross: money(posting.amounts.gross),
      couponDiscounts: request.couponDiscounts,
      pointsDiscount: money(posting.amounts.pointsDiscount),
      payable: money(posting.amounts.payable),
      pointsRedeemed: posting.pointsRedeemed,
      pointsEarned: posting.pointsEarned,
      reservationID: command.key.reservationID?.text ?? "",
      postedAt: GoogleProtobuf.Timestamp(date: postedAt),
      pointsAvailableAt: posting.pointsAvailableAt.map { GoogleProtobuf.Timestamp(date: Date($0)) },
      pointsExpireOn: posting.pointsExpireOn.text
    )
  }

  /// An order as it stands: as it was posted, and when it was taken back if it was.
  init(_ row: OrderRow) throws {
    try self.init(serializedBytes: row.encodedOrder)
    reversedAt = row.reversal.map { GoogleProtobuf.Timestamp(date: $0.reversedAt) }
  }
}
