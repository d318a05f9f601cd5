import Basics
import Foundation
import LoyaltyTestSupport
import Postgres
import SeededRandomness
import ServiceKit

@testable import LoyaltyService

/// Random histories of every operation of the ledger, decided by the service's rules and written by its statements.
struct LedgerStory {
  private let store: LedgerStore
  /// The time source of the requests' IDs.
  var ids = UUIDv7Generator()
  private var random: SeededRandom
  private var records: [UUID: AccountRecord] = [:]
  private var spendings: [UUID: [[Lot]]] = [:]
  private let members = (0..<4).map { _ in UUID() }
  /// Hours since the beginning of 2026, before anything that the service does meanwhile.
  private var hour: Int64 = 0

  init(on database: Database, random: SeededRandom) {
    store = LedgerStore(database: database)
    self.random = random
  }

  private var time: LedgerTime {
    let now = 1_767_225_600_000_000 + hour * 3_600_000_000
    return LedgerTime(now: Instant(rawValue: now), today: Day(rawValue: Int32(now / 86_400_000_000)))
  }

  /// Plays `count` random operations, then some that leave a hold, pending points, a debt and a transfer.
  mutating func play(_ count: Int) async throws {
    for _ in 0..<count {
      hour += .random(in: 0...8, using: &random)
      let member = members[.random(in: members.indices, using: &random)]
      let id = ids.next()
      var holding = holding(of: member)
      var postings = holding.settle(at: time)
      postings += (try? operate(on: &holding, of: member, id)) ?? []
      try await enter(id, [(member, holding, postings)])
    }
    try await playEnding()
  }

  private mutating func playEnding() async throws {
    let (one, other) = (UUID(), UUID())
    let day = time.today + 400
    try await enter(one) { holding, id in
      try holding.earn(100, expiresOn: day, from: .issued) + holding.earn(50, expiresOn: day + 31, from: .issued)
        + holding.hold(30, id: id, expiresAt: .never)
        + holding.pend(20, id: id, expiresOn: day, activates: .onEvent, from: .issued)
    }
    try await enter(other) { holding, _ in
      let earned = try holding.earn(30, expiresOn: day, from: .issued)
      let spent = try holding.spend(4, to: .redeemed)
      return earned + spent
        + holding.returnEarned(28, pendingID: nil, policy: .negativeAllowed(floor: -100), to: .issued).postings
    }
    let id = ids.next()
    var (giver, taker) = (holding(of: one), holding(of: other))
    let given = try giver.spend(20, to: .transfer, type: .transferOut)
    let taken = try taker.receive(given.flatMap(\.lots))
    try await enter(id, [(one, giver, given), (other, taker, taken)])
    try await enter(other) { holding, _ in
      try holding.spend(holding.available, to: .redeemed)
        + holding.returnEarned(2, pendingID: nil, policy: .negativeAllowed(floor: -100), to: .issued).postings
    }
  }

  private func holding(of member: UUID) -> Holding { records[member]?.holding ?? .empty }

  private mutating func operate(on holding: inout Holding, of member: UUID, _ id: UUID) throws -> [Posting] {
    let amount = Int64.random(in: 1...60, using: &random)
    let day = time.today + .random(in: 0...40, using: &random)
    let later = Instant(rawValue: time.now.rawValue + .random(in: 1...200, using: &random) * 3_600_000_000)
    switch Int.random(in: 0..<12, using: &random) {
    case 0, 1: return try holding.earn(amount, expiresOn: day, from: .issued)
    case 2: return try holding.earn(amount, expiresOn: .never, from: .compensation, type: .adjust)
    case 3: return try holding.pend(amount, id: id, expiresOn: day, activates: .at(later), from: .issued)
    case 4: return try holding.pend(amount, id: id, expiresOn: day, activates: .onEvent, from: .issued)
    case 5:
      guard let lot = holding.pending.randomElement(using: &random) else { return [] }
      return Bool.random(using: &random) ? try holding.activate(lot.id) : try holding.cancel(lot.id, to: .issued)
    case 6:
      let postings = try holding.spend(min(amount, max(1, holding.available)), to: .redeemed)
      spendings[member, default: []] += postings.map(\.lots)
      return postings
    case 7: return try holding.hold(min(amount, max(1, holding.available)), id: id, expiresAt: later)
    case 8:
      guard let hold = holding.holds.randomElement(using: &random) else { return [] }
      let part = Int64.random(in: 1...hold.amount, using: &random)
      return try holding.capture(hold.id, amount: part, to: .redeemed, releasesRest: .random(using: &random))
    case 9:
      guard let hold = holding.holds.randomElement(using: &random) else { return [] }
      return try holding.release(hold.id)
    case 10:
      guard let slices = spendings[member]?.popLast() else { return [] }
      let rule = Bool.random(using: &random) ? RestoreRule.expireAtOnce : .grace(days: 5)
      return try holding.restore(slices, from: .redeemed, at: time, rule: rule)
    default:
      return holding.returnEarned(
        amount,
        pendingID: holding.pending.randomElement(using: &random)?.id,
        expiresOn: day,
        policy: .negativeAllowed(floor: -200),
        to: .issued
      ).postings
    }
  }

  // MARK: Writing

  private mutating func enter(_ member: UUID, _ body: (inout Holding, UUID) throws -> [Posting]) async throws {
    let id = ids.next()
    var holding = holding(of: member)
    let postings = try body(&holding, id)
    try await enter(id, [(member, holding, postings)])
  }

  private mutating func enter(
    _ id: UUID,
    _ parts: [(member: UUID, holding: Holding, postings: [Posting])]
  ) async throws {
    var changes = BookChanges()
    for part in parts {
      var record = records[part.member] ?? .new(at: time.now)
      record.holding = part.holding
      record.updatedAt = time.now
      let follows = record.writtenBy
      record.writtenBy = id
      changes.touch(AccountKey(member: part.member, asset: .points), record)
      var recorded = RecordedRequest(digest: Array(repeating: 7, count: 32), entries: [], answer: nil)
      for posting in part.postings.isEmpty ? [.nothing(available: part.holding.available)] : part.postings {
        let sequence = changes.nextSequence(in: Lane(member: part.member))
        recorded.entries.append(.init(asset: .points, posting: posting, sequence: sequence, follows: follows))
        if posting.type == .adjust { changes.add(adjustment(id, part.member, posting)) }
      }
      changes.add(NewRequest(id: id, member: part.member, reference: nil, recorded: recorded))
      record.version += 1
      records[part.member] = record
    }
    _ = try await store.write(changes, programmeVersion: 1, now: time.now)
  }

  private func adjustment(_ id: UUID, _ member: UUID, _ posting: Posting) -> NewAdjustment {
    NewAdjustment(
      requestID: id,
      member: member,
      asset: .points,
      amount: posting.to == .available ? posting.amount : -posting.amount,
      adjustment: .init(reason: "miscounted", staffID: "staff-1", approverID: ""),
      recordedAt: Date(time.now)
    )
  }
}

/// Seals a ledger as the service does.
enum Sealing {
  /// - Parameter entries: The greatest number of entries of one seal.
  static func seal(_ database: Database, entries: Int = 7, clock: WallClock = .system) async throws {
    var settings = LedgerSealSettings()
    settings.entriesMaximum = entries
    let sealer = LedgerSealer(
      store: SealStore(database: database),
      settings: settings,
      calendar: ProgrammeCalendar(timeZone: .gmt),
      clock: clock
    )
    try await sealer.seal()
  }
}
