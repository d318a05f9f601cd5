import Basics
import Foundation
import Messages
import PatronAPI
import Postgres
import RPC
import ServiceKit

/// Enters what time does to accounts that nobody touches, and tells members of points that will expire soon.
///
/// Every write of an account does what is due on it first, and every read shows it so; this job calls the same rule
/// (``Holding/settle(at:)``), so it never makes out anything else than a till would. It goes through the same line as the
/// tills, a few accounts at a time, so that they wait no longer than one of its batches takes.
struct ExpiryJob: Sendable {
  /// How many lots members are told of in one transaction.
  private static let noticesAtOnce = 1_000

  let store: ExpiryStore
  let ledger: LedgerEngine
  let assets: AssetRegister
  let events: EventLog
  let settings: ExpirySettings
  let calendar: ProgrammeCalendar
  let clock: WallClock
  let ids: UUIDv7Generator

  /// What must run beside the service.
  var jobs: [Job] {
    [
      Job("ledger: expiry", every: settings.interval) { try await settleAll() },
      Job("ledger: expiry notices", every: settings.interval) { try await tellAll() },
    ]
  }

  /// Settles every account for which something is due, and returns how many those were.
  ///
  /// - Throws: What the first lane that could not be settled failed with, once all others are.
  @discardableResult
  func settleAll() async throws -> Int {
    var count = 0
    var failure: (any Error)?
    for lane in 0..<Int16(Lane.count) {
      try Task.checkCancellation()
      do { count += try await settle(lane) } catch { failure = failure ?? error }
    }
    if let failure { throw failure }
    return count
  }

  private func settle(_ lane: Int16) async throws -> Int {
    let due = try await store.due(in: lane, at: calendar.time(clock.now))
    for start in stride(from: 0, to: due.count, by: settings.batch) {
      try Task.checkCancellation()
      try await settle(due[start..<min(start + settings.batch, due.count)])
    }
    return due.count
  }

  private func settle(_ keys: ArraySlice<AccountKey>) async throws {
    let pending = keys.map { key in
      ledger.enqueue(
        LedgerRequest(id: ids.next(), digest: Self.digest, member: key.member, command: .settle(key.asset))
      )
    }
    var overload: LedgerOverload?
    for answer in pending {
      do {
        _ = try await answer.value
      } catch let refusal as LedgerOverload {
        // Tills go first: what found no room is due at the next turn still.
        overload = refusal
      }
    }
    if let overload { try await Task.sleep(for: overload.retryAfter) }
  }

  /// Tells members of all lots that expire soon, once of each, and returns how many those were.
  @discardableResult
  func tellAll() async throws -> Int {
    guard settings.noticeDays > 0 else { return 0 }
    let today = calendar.time(clock.now).today
    try await store.forgetNotices(before: today)
    var count = 0
    for lane in 0..<Int16(Lane.count) {
      var told = Self.noticesAtOnce
      while told == Self.noticesAtOnce {
        try Task.checkCancellation()
        told = try await tell(lane, today)
        count += told
      }
    }
    return count
  }

  private func tell(_ lane: Int16, _ today: Day) async throws -> Int {
    let last = today + Int32(clamping: settings.noticeDays)
    let told = try await store.database.transaction { transaction in
      let notices = try await store.takeNotices(
        in: lane,
        from: today,
        to: last,
        limit: Self.noticesAtOnce,
        in: transaction
      )
      for notice in notices { try await announce(notice, in: transaction) }
      return notices.count
    }
    if told > 0 { events.wake() }
    return told
  }

  private func announce(_ notice: ExpiryNotice, in transaction: Transaction) async throws {
    let event = LoyaltyV1.LoyaltyEvent(
      recordedAt: GoogleProtobuf.Timestamp(date: clock.now),
      kind: .pointsExpiring(
        LoyaltyV1.PointsExpiring(
          memberID: notice.key.member.text,
          asset: try await assets.code(notice.key.asset),
          amount: notice.lot.amount,
          expiresOn: notice.lot.expiresOn.text
        )
      )
    )
    try await events.append(event, key: notice.key.member.text, in: transaction)
  }

  /// What entries that nobody asked for have in place of their request's digest.
  private static let digest = [UInt8](repeating: 0, count: 32)
}
