import AppProto
import LoyaltyProto

extension AppV1.GetBalanceResponse {
  /// Makes the member's view of a balance.
  init(_ balance: LoyaltyV1.Balance, in unit: AssetUnit) {
    self.init(
      points: unit.points(balance.points),
      worth: unit.worth(balance.points),
      lifetimePointsEarned: unit.points(balance.lifetimePointsEarned),
      lifetimePointsRedeemed: unit.points(balance.lifetimePointsRedeemed),
      asset: unit.code,
      money: unit.money(balance.points),
      lots: balance.lots.map { lot in
        AppV1.ExpiringLot(expiresOn: lot.expiresOn, points: unit.points(lot.amount), money: unit.money(lot.amount))
      },
      pending: balance.pendingLots.map { lot in
        AppV1.PendingAmount(
          availableAt: lot.availableAt,
          expiresOn: lot.expiresOn,
          points: unit.points(lot.amount),
          money: unit.money(lot.amount)
        )
      }
    )
  }
}

extension AppV1.Entry {
  /// Makes the member's view of an entry.
  init(_ entry: LoyaltyV1.Entry, in unit: AssetUnit) {
    self.init(
      entryID: entry.entryID,
      kind: AppV1.EntryKind(entry.type),
      points: unit.points(entry.points),
      balancePoints: unit.points(entry.balancePoints),
      storeID: entry.storeID,
      receiptNumber: entry.receiptNumber,
      recordedAt: entry.recordedAt,
      asset: unit.code,
      money: unit.money(entry.points),
      balanceMoney: unit.money(entry.balancePoints)
    )
  }
}

extension AppV1.EntryKind {
  /// The members' kinds of entries by loyalty's types. A test checks that they are complete.
  private static let kinds: [LoyaltyV1.EntryType: AppV1.EntryKind] = [
    .earn: .earned, .redeem: .redeemed, .earnReversal: .earningReversed, .redeemReversal: .redemptionReversed,
    .expire: .expired, .pend: .pending, .activate: .activated, .cancel: .cancelled, .hold: .held, .capture: .captured,
    .release: .released, .adjust: .adjusted, .transferOut: .transferredOut, .transferIn: .transferredIn,
    .deposit: .deposited, .withdraw: .withdrawn,
  ]

  /// Maps a type of entry.
  init(_ type: LoyaltyV1.EntryType) { self = Self.kinds[type] ?? .unspecified }
}
