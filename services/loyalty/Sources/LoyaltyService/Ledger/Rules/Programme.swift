import Basics
import Foundation
import Messages

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
  /// The programme with the change made. Version and time are left as they are.
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

/// How points are earned: `points` for every `perMinorUnits` paid, in proportion, rounded once per receipt.
struct EarnRule: Sendable, Hashable {
  /// Points earned for every `perMinorUnits`, 0 to 1,000,000.
  var points: Int64
  /// The amount that earns them, in the currency's smallest unit, 1 to 1,000,000,000.
  var perMinorUnits: Int64
  /// What to do with the fraction.
  var rounding: PointsRounding

  static let pointsAllowed: ClosedRange<Int64> = 0...1_000_000
  static let perMinorUnitsAllowed: ClosedRange<Int64> = 1...1_000_000_000

  /// Points that a payment earns. The product is taken in 128 bits; only a result that does not fit is refused.
  func points(earnedOn payableMinorUnits: Int64) throws(PostingRefusal) -> Int64 {
    let exact = rounding.quotient(Int128(payableMinorUnits) * Int128(points), by: Int128(perMinorUnits))
    guard let earned = Int64(exactly: exact) else { throw .tooLarge(.pointsEarned) }
    return earned
  }
}

/// What points are worth when spent: `points` pay `minorUnits`.
struct RedeemRule: Sendable, Hashable {
  /// How many points; what is redeemed on a receipt is a multiple of it. 1 to 1,000,000.
  var points: Int64
  /// What they pay, in the currency's smallest unit, 1 to 1,000,000,000.
  var minorUnits: Int64

  static let pointsAllowed: ClosedRange<Int64> = 1...1_000_000
  static let minorUnitsAllowed: ClosedRange<Int64> = 1...1_000_000_000

  /// What `redeemed` points pay, exactly: there is never a fraction, because only multiples are accepted.
  func minorUnits(for redeemed: Int64) throws(PostingRefusal) -> Int64 {
    guard redeemed >= 0, redeemed.isMultiple(of: points) else {
      throw .pointsNotMultiple(redeemed: redeemed, multiple: points)
    }
    let (paid, overflow) = (redeemed / points).multipliedReportingOverflow(by: minorUnits)
    guard !overflow else { throw .tooLarge(.pointsDiscount) }
    return paid
  }
}

/// What to do with a fraction of a point. The raw value is what is stored.
enum PointsRounding: Int16, Sendable, Hashable, CaseIterable {
  /// Drop the fraction.
  case down = 1
  /// Half a point and more becomes a point.
  case halfUp = 2
  /// Any fraction becomes a point.
  case up = 3

  /// `numerator / denominator`, rounded this way. Neither is negative, and the denominator is not zero.
  func quotient(_ numerator: Int128, by denominator: Int128) -> Int128 {
    let (whole, rest) = numerator.quotientAndRemainder(dividingBy: denominator)
    switch self {
    case .down: return whole
    case .halfUp: return rest >= denominator - rest ? whole + 1 : whole
    case .up: return rest > 0 ? whole + 1 : whole
    }
  }
}

/// How long what is earned can be spent.
enum ExpiryRule: Sendable, Hashable {
  /// For ever.
  case never
  /// For a number of days after the day on which it was earned.
  case days(Int32)
  /// To the end of a month: the one in which it was earned, or that many months later.
  case monthEnds(Int32)
  /// To the end of a year: the one in which it was earned, or that many years later.
  case yearEnds(Int32)

  static let countAllowed: ClosedRange<Int32> = 0...10_000

  /// The last day on which what was earned on a day can be spent.
  func lastDay(earnedOn day: Day) -> Day {
    let date = CivilDate(daysSince1970: Int64(day.rawValue))
    switch self {
    case .never: return .never
    case .days(let days): return day + days
    case .monthEnds(let months): return Self.dayBefore(year: date.year, month: date.month + Int64(months) + 1)
    case .yearEnds(let years): return Self.dayBefore(year: date.year + Int64(years) + 1, month: 1)
    }
  }

  /// The day before the first of a month; months beyond 12 are those of later years.
  private static func dayBefore(year: Int64, month: Int64) -> Day {
    let months = year * 12 + month - 1
    let first = CivilDate(year: months / 12, month: months % 12 + 1, day: 1)
    let day = Day(rawValue: Int32(clamping: first.daysSince1970 - 1))
    return day > .last ? .never : day
  }
}
