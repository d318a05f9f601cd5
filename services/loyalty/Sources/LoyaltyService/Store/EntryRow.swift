import Foundation
import Postgres

/// An entry as it is stored, with the receipt that caused it.
struct EntryRow: Sendable, Hashable {
  var entry: LedgerEntry
  var orderId: UUID
  var storeId: String
  var receiptNumber: String
  var recordedAt: Date

  init(_ row: Row) throws(PostgresError) {
    let (number, type, points, balance, orderId, storeId, receiptNumber, recordedAt) = try row.decode(
      Int64.self,
      EntryType.self,
      Int64.self,
      Int64.self,
      UUID.self,
      String.self,
      String.self,
      Date.self
    )
    entry = LedgerEntry(number: number, type: type, points: points, balancePoints: balance)
    self.orderId = orderId
    self.storeId = storeId
    self.receiptNumber = receiptNumber
    self.recordedAt = recordedAt
  }
}
