import Foundation
import Messages
import PatronAPI
import ServiceKit

extension LoyaltyV1.Balance {
  /// A member's account as callers see it.
  init(_ row: AccountRow, of member: UUID) {
    self.init(
      memberId: member.text,
      points: row.account.balancePoints,
      lifetimePointsEarned: row.account.lifetimePointsEarned,
      lifetimePointsRedeemed: row.account.lifetimePointsRedeemed,
      openedAt: GoogleProtobuf.Timestamp(date: row.openedAt),
      updatedAt: GoogleProtobuf.Timestamp(date: row.updatedAt)
    )
  }
}

extension LoyaltyV1.Entry {
  /// An entry as callers see it.
  init(_ row: EntryRow) {
    self.init(
      entryId: "\(row.entry.number)",
      type: LoyaltyV1.EntryType(row.entry.type),
      points: row.entry.memberPoints,
      balancePoints: row.entry.balancePoints,
      orderId: row.orderId.text,
      storeId: row.storeId,
      receiptNumber: row.receiptNumber,
      recordedAt: GoogleProtobuf.Timestamp(date: row.recordedAt),
      counterAccount: row.entry.type.counterAccount.name
    )
  }
}

extension LoyaltyV1.EntryType {
  init(_ type: EntryType) {
    switch type {
    case .earn: self = .earn
    case .redeem: self = .redeem
    case .earnReversal: self = .earnReversal
    case .redeemReversal: self = .redeemReversal
    }
  }
}
