import Basics
import Foundation

/// The points programme: the rules by which receipts earn and points pay.
struct Programme: Sendable, Hashable {
  /// The programme's name, as members see it.
  var name: String
  /// The currency of its receipts, ISO 4217.
  var currencyCode: String
  /// How points are earned.
  var earnRule: EarnRule
  /// What points are worth.
  var redeemRule: RedeemRule
  /// How long points of receipts can be spent.
  var expiryRule = ExpiryRule.never
  /// For how many days points of receipts are pending; 0 means that they can be spent at once.
  var pendingDays: Int32 = 0
  /// What a return does to points.
  var returnRule = ReturnRule.first
  /// Counts the changes, from 1.
  var version: Int64
  /// When it last changed.
  var updatedAt: Date

  static let pendingDaysAllowed: ClosedRange<Int32> = 0...366
}

/// When something is decided: the instant, and the day that it is in the programme's calendar.
struct LedgerTime: Sendable, Hashable {
  var now: Instant
  var today: Day
}

/// The programme's calendar: which day it is where its shops are.
struct ProgrammeCalendar: Sendable {
  let timeZone: TimeZone

  /// The moment and its day.
  func time(_ date: Date) -> LedgerTime {
    time(Instant(date))
  }

  /// The moment and its day.
  func time(_ now: Instant) -> LedgerTime {
    let date = Date(now)
    let local = now.rawValue + Int64(timeZone.secondsFromGMT(for: date)) * 1_000_000
    return LedgerTime(now: now, today: Instant(rawValue: local).day)
  }
}

/// New values for the parts of a programme that are to change.
struct ProgrammeChange: Sendable, Hashable {
  var name: String?
  var currencyCode: String?
  var earnRule: EarnRule?
  var redeemRule: RedeemRule?
  var expiryRule: ExpiryRule?
  var pendingDays: Int32?
  var returnRule: ReturnRule?
}

extension Programme {
  /// The programme with the change made; version and time are the store's to set.
  func applying(_ change: ProgrammeChange) -> Programme {
    var changed = self
    changed.name = change.name ?? name
    changed.currencyCode = change.currencyCode ?? currencyCode
    changed.earnRule = change.earnRule ?? earnRule
    changed.redeemRule = change.redeemRule ?? redeemRule
    changed.expiryRule = change.expiryRule ?? expiryRule
    changed.pendingDays = change.pendingDays ?? pendingDays
    changed.returnRule = change.returnRule ?? returnRule
    return changed
  }
}
