import Foundation
import Postgres
import ServiceKit

/// A month in UTC, by which entries are kept apart: those of the requests whose ids are dated in it.
struct LedgerMonth: Sendable, Hashable, Comparable {
  let firstDay: CalendarDate

  /// The month of a day.
  init(_ day: CalendarDate) {
    firstDay = CalendarDate(daysSince1970: day.daysSince1970 - Int32(day.components.day) + 1)
  }

  /// The month of an instant.
  init(_ instant: Instant) {
    self.init(CalendarDate(daysSince1970: Int32((Double(instant.rawValue) / 86_400_000_000).rounded(.down))))
  }

  /// The month so many months later.
  static func + (month: LedgerMonth, months: Int) -> LedgerMonth {
    // The middle of a month that is so much later, near enough to be in no other.
    let days = Int((Double(months) * 365.2425 / 12).rounded())
    return LedgerMonth(CalendarDate(daysSince1970: month.firstDay.daysSince1970 + Int32(14 + days)))
  }

  static func < (left: LedgerMonth, right: LedgerMonth) -> Bool { left.firstDay < right.firstDay }

  /// The lowest id that can be dated in it, of whatever version: its first millisecond in the first 48 bits.
  var firstRequestID: UUID {
    UUID(high: UInt64(max(0, Int64(firstDay.daysSince1970) * 86_400_000)) << 16, low: 0)
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
