import Basics
import Foundation
import Postgres
import ServiceKit
import Testing

@testable import LoyaltyService

@Suite("The months by which entries are kept")
struct LedgerMonthTests {
  private func month(_ year: Int, _ month: Int) throws -> LedgerMonth {
    LedgerMonth(try #require(Day(year: year, month: month, day: 17)))
  }

  @Test("are those of UTC, to the microsecond")
  func instants() throws {
    // 2026-12-01T00:00:00Z
    let december: Int64 = 1_796_083_200_000_000
    #expect(LedgerMonth(Instant(rawValue: december)) == (try month(2026, 12)))
    #expect(LedgerMonth(Instant(rawValue: december - 1)) == (try month(2026, 11)))
  }

  @Test("follow each other through every year and every leap day")
  func counting() throws {
    let first = try month(1999, 11)
    for count in -400...400 {
      let later = first + count
      let place = 1999 * 12 + 10 + count
      #expect(later == (try month(place / 12, place % 12 + 1)))
      #expect(later < later + 1)
    }
  }

  @Test("have the ids that are dated in them, of whatever version")
  func ids() throws {
    let december = try month(2026, 12)
    let inside = UUIDv7Generator(clock: .fixed(unixMicroseconds: 1_796_083_200_000_000)).next()
    let before = UUIDv7Generator(clock: .fixed(unixMicroseconds: 1_796_083_199_999_000)).next()
    #expect(december.firstRequestID.text == "01a22ee6-b000-0000-0000-000000000000")
    #expect(december.firstRequestID <= inside)
    #expect(before < december.firstRequestID)
    #expect(inside < (december + 1).firstRequestID)
  }

  @Test("have partitions and archives that are named after them")
  func names() throws {
    #expect(try month(2026, 1).partition == "ledger_entry_2026_01")
    #expect(try month(2026, 12).archive == "ledger_archive_2026_12")
  }
}
