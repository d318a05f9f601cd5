import Basics
import Foundation
import Postgres
import ServiceKit

/// A month in UTC, by which entries are kept apart: those of the requests whose ids are dated in it.
struct LedgerMonth: Sendable, Hashable, Comparable {
  let firstDay: Day

  /// The month of a day.
  init(_ day: Day) {
    firstDay = Day(rawValue: day.rawValue - Int32(day.civil.day) + 1)
  }

  /// The month of an instant.
  init(_ instant: Instant) {
    self.init(instant.day)
  }

  /// The month that is `months` later.
  static func + (month: LedgerMonth, months: Int) -> LedgerMonth {
    // The middle of that month, near enough to be in no other.
    let days = Int((Double(months) * 365.2425 / 12).rounded())
    return LedgerMonth(Day(rawValue: month.firstDay.rawValue + Int32(14 + days)))
  }

  static func < (left: LedgerMonth, right: LedgerMonth) -> Bool { left.firstDay < right.firstDay }

  /// The lowest id that can be dated in it, of whatever version: its first millisecond in the first 48 bits.
  var firstRequestID: UUID {
    UUID(mintedAtUnixMicroseconds: Int64(firstDay.rawValue) * 86_400_000_000)
  }

  /// The bounds of its ids, as SQL writes them.
  var bounds: String { "FROM ('\(firstRequestID.text)') TO ('\((self + 1).firstRequestID.text)')" }

  /// The partition of `ledger_entry` that has its entries.
  var partition: String { "ledger_entry_\(suffix)" }

  /// What the partition is called once it is archived.
  var archive: String { "ledger_archive_\(suffix)" }

  /// Such as `2026_01`.
  private var suffix: String { firstDay.description.prefix(7).split(separator: "-").joined(separator: "_") }
}
