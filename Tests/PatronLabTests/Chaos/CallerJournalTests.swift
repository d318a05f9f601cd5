import Foundation
import Testing

@testable import LocalSuite
@testable import patron_lab

@Suite("The journal of a caller")
struct CallerJournalTests {
  private let call = LedgerCall(method: .credit, id: UUID(), member: UUID(), request: [1, 2, 3])
  private let path = FileManager.default.temporaryDirectory.appendingPathComponent("patron-journal-\(UUID())").path

  @Test("reads what was written, while it grows")
  func grows() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    var reader = CallerJournalReader(path)
    #expect(try reader.read() == [])
    let journal = try CallerJournal(path)
    let asked = JournalRecord(.asked, call, call.request)
    let answered = JournalRecord(.answered, call, [])
    try journal.write(asked)
    #expect(try reader.read() == [asked])
    try journal.write(answered)
    try journal.write(asked)
    #expect(try reader.read() == [answered, asked])
    #expect(try reader.read() == [])
  }

  @Test("a record that its writer did not finish is none")
  func torn() throws {
    let bytes = JournalRecord(.asked, call, call.request).encoded
    for count in 0..<bytes.count {
      #expect(try JournalRecord.first(of: bytes[..<count]) == nil)
    }
    #expect(try JournalRecord.first(of: bytes[...])?.byteCount == bytes.count)
  }

  @Test("an invalid record is damage")
  func damage() {
    let bytes = [UInt8](repeating: 0xee, count: JournalRecord.headerBytes)
    #expect(throws: SuiteError.self) { try JournalRecord.first(of: bytes[...]) }
  }
}
