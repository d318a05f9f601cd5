import Basics
import CommonProto
import Foundation
import LoyaltyProto
import Messages
import ServiceKit

extension LoyaltyV1.Balance {
  /// A member's points account as it was when it was opened.
  init(_ account: AccountSummary, of member: UUID) {
    self.init(
      memberID: member.text,
      points: account.available,
      lifetimePointsEarned: account.lifetimeEarned,
      lifetimePointsRedeemed: account.lifetimeSpent,
      openedAt: GoogleProtobuf.Timestamp(date: Date(account.openedAt)),
      updatedAt: GoogleProtobuf.Timestamp(date: Date(account.updatedAt)),
      asset: Asset.points.code
    )
  }

  /// A member's account as callers see it.
  init(_ account: AccountRecord, of member: UUID, _ asset: Asset) {
    let holding = account.holding
    self.init(
      memberID: member.text,
      points: holding.available,
      lifetimePointsEarned: holding.lifetimeEarned,
      lifetimePointsRedeemed: holding.lifetimeSpent,
      openedAt: GoogleProtobuf.Timestamp(date: Date(account.openedAt)),
      updatedAt: GoogleProtobuf.Timestamp(date: Date(account.updatedAt)),
      asset: asset.code,
      pending: holding.pendingTotal,
      held: holding.held,
      lots: holding.lots.map { LoyaltyV1.Lot($0) },
      pendingLots: holding.pending.map { LoyaltyV1.PendingLot($0) },
      holds: holding.holds.map { LoyaltyV1.HeldAmount($0) },
      refundable: asset.kind.isMoney ? holding.refundable : 0
    )
  }

  /// What a member held at a moment in the past.
  init(_ past: PastHolding, of account: AccountRecord, _ member: UUID, _ asset: Asset, at instant: Instant) {
    self.init(
      memberID: member.text,
      points: past.available,
      lifetimePointsEarned: past.lifetimeEarned,
      lifetimePointsRedeemed: past.lifetimeSpent,
      openedAt: GoogleProtobuf.Timestamp(date: Date(account.openedAt)),
      updatedAt: GoogleProtobuf.Timestamp(date: Date(instant)),
      asset: asset.code,
      pending: past.pending,
      held: past.held,
      lots: past.lots.map { LoyaltyV1.Lot($0) },
      refundable: asset.kind.isMoney ? past.refundable : 0
    )
  }
}

extension LoyaltyV1.Lot {
  init(_ lot: Lot) { self.init(expiresOn: lot.expiresOn.text, amount: lot.amount, bonus: lot.isBonus) }
}

extension LoyaltyV1.PendingLot {
  init(_ pending: PendingLot) {
    let instant = pending.activates.instant
    self.init(
      pendingID: pending.id.text,
      amount: pending.amount,
      expiresOn: pending.expiresOn.text,
      availableAt: instant == .never ? nil : GoogleProtobuf.Timestamp(date: Date(instant))
    )
  }
}

extension LoyaltyV1.HeldAmount {
  init(_ hold: Hold) {
    self.init(
      holdID: hold.id.text,
      amount: hold.amount,
      expiresAt: GoogleProtobuf.Timestamp(date: Date(hold.expiresAt))
    )
  }
}

extension LoyaltyV1.Entry {
  /// An entry as callers see it.
  init(_ entry: ListedEntry, asset: String) {
    let posting = entry.row.entry.posting
    // What changes hands with the programme counts in full; between the member's own accounts, what can be spent counts.
    let isGain = posting.from.isMembers ? posting.to == .available : true
    self.init(
      entryID: "\(entry.row.requestID.text)/\(entry.row.number)",
      type: LoyaltyV1.EntryType(posting.type),
      points: isGain ? posting.amount : -posting.amount,
      balancePoints: posting.available,
      orderID: entry.storeID.isEmpty ? "" : posting.reference?.text ?? "",
      storeID: entry.storeID,
      receiptNumber: entry.receiptNumber,
      recordedAt: GoogleProtobuf.Timestamp(date: Date(Instant(rawValue: entry.row.entry.sequence))),
      counterAccount: (posting.to == .available || !posting.from.isMembers ? posting.from : posting.to).name,
      asset: asset,
      lots: posting.lots.map { LoyaltyV1.Lot($0) },
      referenceID: posting.reference?.text ?? ""
    )
  }
}

extension LoyaltyV1.EntryType {
  /// The contract numbers them as the store does; what moves nothing has no type there.
  init(_ type: PostingType) { self.init(rawValue: Int32(type.rawValue)) }
}

extension PostingType {
  /// The type that a caller names; nil if there is none.
  init?(_ type: LoyaltyV1.EntryType) {
    guard type != .unspecified, let number = Int16(exactly: type.rawValue) else { return nil }
    self.init(rawValue: number)
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
