import Foundation
import Testing

@testable import LoyaltyService

@Suite("Where a reader of the ledger stands (M10)")
struct LedgerCursorTests {
  private let member = UUID()
  private var lane: Int { Int(Lane(member: member).number) }

  private func entry(_ sequence: Int64) -> EntryRow {
    EntryRow(
      member: member,
      requestID: UUID(),
      number: 0,
      entry: .init(asset: .points, posting: .nothing(available: 0), sequence: sequence)
    )
  }

  /// The same sequence in all lanes.
  private func everywhere(_ sequence: Int64) -> [Int64] {
    Array(repeating: sequence, count: Int(Lane.count))
  }

  @Test("after the last entry of a page, lanes that come later may still have one of the same sequence (M10)")
  func ties() {
    var cursor = LedgerCursor.beginning
    cursor.advance(to: entry(50), visible: everywhere(100))
    #expect(cursor.sequences[...lane].allSatisfy { $0 == 50 })
    #expect(cursor.sequences[(lane + 1)...].allSatisfy { $0 == 49 })
  }

  @Test("no lane goes beyond what can be seen of it (M10)")
  func bounds() {
    var cursor = LedgerCursor.beginning
    cursor.advance(to: entry(50), visible: everywhere(30))
    #expect(cursor.sequences == everywhere(30))
    cursor.advance(to: nil, visible: everywhere(40))
    #expect(cursor.sequences == everywhere(40))
  }

  @Test("no lane ever goes back (M10)")
  func forward() {
    var cursor = LedgerCursor.beginning
    cursor.advance(to: nil, visible: everywhere(40))
    cursor.advance(to: entry(20), visible: everywhere(60))
    #expect(cursor.sequences == everywhere(40))
  }
}
