import Foundation
import Messages
import PatronAPI
import ServiceKit

extension LoyaltyV1.Balance {
  /// A member's account as callers see it.
  init(_ account: AccountSummary, of member: UUID) {
    self.init(
      memberId: member.text,
      points: account.available,
      lifetimePointsEarned: account.lifetimeEarned,
      lifetimePointsRedeemed: account.lifetimeSpent,
      openedAt: GoogleProtobuf.Timestamp(date: Date(account.openedAt)),
      updatedAt: GoogleProtobuf.Timestamp(date: Date(account.updatedAt))
    )
  }
}

extension LoyaltyV1.Entry {
  /// An entry as callers see it.
  init(_ entry: ListedEntry) {
    let posting = entry.row.entry.posting
    self.init(
      entryId: "\(entry.row.requestId.text)/\(entry.row.number)",
      type: LoyaltyV1.EntryType(posting.type),
      points: posting.to.isMembers ? posting.amount : -posting.amount,
      balancePoints: posting.available,
      orderId: posting.reference?.text ?? "",
      storeId: entry.storeId,
      receiptNumber: entry.receiptNumber,
      recordedAt: GoogleProtobuf.Timestamp(date: Date(Instant(rawValue: entry.row.entry.sequence))),
      counterAccount: (posting.to.isMembers ? posting.from : posting.to).name
    )
  }
}

extension LoyaltyV1.EntryType {
  init(_ type: PostingType) {
    switch type {
    case .earn: self = .earn
    case .redeem: self = .redeem
    case .earnReversal: self = .earnReversal
    case .redeemReversal: self = .redeemReversal
    case .expire: self = .expire
    default: self = .unspecified
    }
  }
}

extension PostingAccount {
  /// The account's name in the API.
  fileprivate var name: String {
    switch self {
    case .available: "available"
    case .issued: "issued"
    case .redeemed: "redeemed"
    case .pending: "pending"
    case .held: "held"
    case .expired: "expired"
    case .compensation: "compensation"
    case .storedValueFloat: "stored_value_float"
    case .giftBonus: "gift_bonus"
    case .transfer: "transfer"
    }
  }
}
