import Basics
import Foundation
import SeededRandomness
import ServiceKit
import Testing

@testable import LoyaltyService

@Suite("A batch of requests applied to the books")
struct BooksTests {
  private let time = LedgerTime(now: Instant(rawValue: 1_000), today: Day(rawValue: 100))
  private let member = UUID()

  /// Books in which members have points.
  private func books(_ points: [UUID: Int64]) throws -> Books {
    var snapshot = BookSnapshot(programme: .sample)
    for (member, amount) in points {
      snapshot.accounts[AccountKey(member: member, asset: .points)] = AccountRecord(
        holding: amount > 0 ? try .earned(amount) : .empty,
        version: 7,
        openedAt: Instant(rawValue: 0),
        updatedAt: Instant(rawValue: 0)
      )
    }
    return Books(snapshot, at: time)
  }

  private func debit(_ amount: Int64, of member: UUID, id: UUID = UUID()) -> LedgerRequest {
    LedgerRequest(
      id: id,
      digest: [UInt8(truncatingIfNeeded: amount)],
      member: member,
      command: .move(Movement(asset: .points, operation: .debit(amount)))
    )
  }

  private func move(_ operation: Movement.Operation, of member: UUID) -> LedgerRequest {
    LedgerRequest(
      id: UUID(),
      digest: [0],
      member: member,
      command: .move(Movement(asset: .points, operation: operation))
    )
  }

  private func available(_ answer: LedgerAnswer) -> Int64? {
    guard case .moved(let recorded) = answer else { return nil }
    return recorded.entries.last?.posting.available
  }

  @Test("requests of one member see what those before them did; the one that would overdraw is refused alone (M10)")
  func inOrder() throws {
    var books = try books([member: 100])
    let first = try books.apply(debit(60, of: member))
    #expect(available(first) == 40)
    #expect(throws: LedgerRefusal.insufficient(available: 40, needed: 41)) { try books.apply(debit(41, of: member)) }
    let last = try books.apply(debit(40, of: member))
    #expect(available(last) == 0)
    #expect(books.changes.accounts.count == 1)
    #expect(books.changes.accounts[0].record.version == 7)
    #expect(books.changes.requests.count == 2)
    #expect(books.changes.entryCounts.map(\.lane) == [Lane(member: member).number])
    #expect(books.changes.entryCounts.map(\.count) == [2])
  }

  @Test("a request that comes twice in one batch is done once and answered twice (M6)")
  func duplicate() throws {
    var books = try books([member: 100])
    let request = debit(60, of: member)
    let first = try books.apply(request)
    let second = try books.apply(request)
    #expect(second == first)
    #expect(books.changes.requests.count == 1)
    let other = debit(61, of: member, id: request.id)
    #expect(throws: BooksRefusal.requestIDReused(first: [60])) { try books.apply(other) }
  }

  @Test("an account remembers the greatest request id that wrote to it, whatever the order (M6)")
  func latestRequest() throws {
    var books = try books([member: 100])
    let ids = [5, 9, 7].map { UUID(high: $0 << 16, low: 1) }
    for id in ids { _ = try books.apply(debit(1, of: member, id: id)) }
    #expect(throws: LedgerRefusal.self) { try books.apply(debit(1_000, of: member, id: UUID(high: 99 << 16, low: 1))) }
    #expect(books.changes.accounts[0].record.latestRequest == 9 << 16)
  }

  @Test("a member without an account is refused, and a refusal leaves nothing to be written (M2)")
  func refusal() throws {
    var books = try books([:])
    #expect(throws: BooksRefusal.accountMissing(member: member)) { try books.apply(debit(1, of: member)) }
    #expect(books.changes.isEmpty)
  }

  @Test("opening an account that is open leaves an entry that moves nothing: the register of request ids (M6)")
  func opening() throws {
    var books = try books([member: 100])
    let request = LedgerRequest(id: UUID(), digest: [1], member: member, command: .open)
    let answer = try books.apply(request)
    let second = try books.apply(request)
    #expect(second == answer)
    #expect(books.changes.requests[0].recorded.entries.map(\.posting) == [.nothing(available: 100)])
  }

  @Test("a request that is dated in a closed month is refused, unless it is known to have been done (M6)")
  func closed() throws {
    let (old, open) = (UUID(high: 1, low: 0), UUID(high: 3, low: 0))
    var snapshot = BookSnapshot(programme: .sample, firstOpenRequest: UUID(high: 2, low: 0))
    snapshot.accounts[AccountKey(member: member, asset: .points)] = AccountRecord(
      holding: try .earned(100),
      version: 7,
      openedAt: Instant(rawValue: 0),
      updatedAt: Instant(rawValue: 0)
    )
    var books = Books(snapshot, at: time)
    #expect(throws: BooksRefusal.requestTooOld) { try books.apply(debit(60, of: member, id: old)) }
    #expect(books.changes.isEmpty)
    let answer = try books.apply(debit(60, of: member, id: open))
    #expect(available(answer) == 40)

    let posting = Posting.nothing(available: 100)
    let entry = RecordedRequest.Entry(asset: .points, posting: posting, sequence: 1)
    snapshot.requests[RequestKey(member: member, requestID: old)] = RecordedRequest(digest: [60], entries: [entry])
    books = Books(snapshot, at: time)
    let again = try books.apply(debit(60, of: member, id: old))
    #expect(available(again) == 100)
  }

  @Test(
    "property: whatever a batch asks, the accounts move by what the entries say (M2)",
    arguments: SeededRandom.several
  )
  func addsUp(_ seed: SeededRandom) throws {
    var random = seed
    let members = (0..<5).map { _ in UUID() }
    let start = Dictionary(uniqueKeysWithValues: members.map { ($0, Int64.random(in: 0...200, using: &random)) })
    var books = try books(start)
    for _ in 0..<200 {
      let member = members[Int.random(in: 0..<5, using: &random)]
      if Bool.random(using: &random) {
        let amount = Int64.random(in: 1...60, using: &random)
        let day = Day(rawValue: .random(in: 100...110, using: &random))
        _ = try? books.apply(move(.credit(amount, expiresOn: day, activates: nil), of: member))
      } else {
        _ = try? books.apply(debit(.random(in: 1...80, using: &random), of: member))
      }
    }
    for (key, record) in books.changes.accounts {
      let entries = books.changes.requests.filter { $0.member == key.member }.flatMap(\.recorded.entries)
      let moved = entries.reduce(0) { sum, entry in
        sum + (entry.posting.to == .available ? entry.posting.amount : -entry.posting.amount)
      }
      #expect(record.holding.available == start[key.member, default: 0] + moved)
      #expect(record.holding.available >= 0)
      #expect(record.holding.isSound)
      #expect(entries.last?.posting.available == record.holding.available)
    }
    for (lane, count) in books.changes.entryCounts {
      let places = books.changes.requests.filter { Lane(member: $0.member).number == lane }
        .flatMap(\.recorded.entries).map(\.sequence)
      #expect(places == Array(1...count))
    }
  }
}
