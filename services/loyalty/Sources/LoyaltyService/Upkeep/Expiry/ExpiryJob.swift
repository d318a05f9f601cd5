import Basics
import Foundation
import Postgres
public import ServiceKit

/// Enters what time does to accounts that nobody touches, and announces to members which points will expire soon.
///
/// Every write of an account does what is due on it first, and every read shows it so; this job calls the same rule
/// (``Holding/settle(at:)``), so it never decides otherwise than a till's request would. It waits in the same queue as the
/// tills, a few accounts at a time, so that they wait no longer than one of its batches takes.
struct ExpiryJob: Sendable {
  /// How many lots are announced in one transaction.
  private static let noticesAtOnce = 1_000

  let store: ExpiryStore
  let ledger: LedgerEngine
  let events: EventLog
  /// Announces to a member, in a transaction, that a lot expires soon.
  let announce: @Sendable (ExpiryNotice, Transaction) async throws -> Void
  let settings: ExpirySettings
  let calendar: ProgrammeCalendar
  let clock: WallClock
  let ids: UUIDv7Generator

  /// What must run beside the service.
  var jobs: [Job] {
    [
      Job("ledger: expiry", every: settings.interval) { try await settleAll() },
      Job("ledger: expiry notices", every: settings.interval) { try await announceAll() },
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

  /// Announces all lots that expire soon, each once, and returns how many those were.
  @discardableResult
  func announceAll() async throws -> Int {
    guard settings.noticeDays > 0 else { return 0 }
    let today = calendar.time(clock.now).today
    try await store.removeNotices(before: today)
    var count = 0
    for lane in 0..<Int16(Lane.count) {
      var announced = Self.noticesAtOnce
      while announced == Self.noticesAtOnce {
        try Task.checkCancellation()
        announced = try await announce(lane, today)
        count += announced
      }
    }
    return count
  }

  private func announce(_ lane: Int16, _ today: Day) async throws -> Int {
    let last = today + Int32(clamping: settings.noticeDays)
    let announced = try await store.database.transaction { transaction in
      let notices = try await store.recordNotices(
        in: lane,
        from: today,
        to: last,
        limit: Self.noticesAtOnce,
        in: transaction
      )
      for notice in notices { try await announce(notice, transaction) }
      return notices.count
    }
    if announced > 0 { events.wake() }
    return announced
  }

  /// What entries that nobody asked for have in place of their request's digest.
  private static let digest = [UInt8](repeating: 0, count: 32)
}

/// How what is due by time is entered, and how long before it is announced.
public struct ExpirySettings: SettingsGroup {
  /// The pause between two turns.
  public var interval: Duration
  /// How many accounts are settled at a time, among the requests of tills.
  public var batch: Int
  /// How many days before their last day points are announced; 0 means never.
  public var noticeDays: Int

  /// The documented defaults: hourly, 100 accounts, 30 days.
  public init() {
    interval = .seconds(3_600)
    batch = 100
    noticeDays = 30
  }

  /// Reads the group.
  public init(_ settings: SettingsReader) {
    let defaults = ExpirySettings()
    interval = settings.value(
      "expiry.interval",
      default: defaults.interval,
      in: .milliseconds(100) ... .seconds(86_400),
      "How long to wait between entering what expired, ran out or became spendable, and looking again."
    )
    batch = settings.value(
      "expiry.batch",
      default: defaults.batch,
      in: 1...500,
      "How many accounts are settled at a time; tills wait no longer than that takes."
    )
    noticeDays = settings.value(
      "expiry.noticeDays",
      default: defaults.noticeDays,
      in: 0...3_650,
      "How many days before the last day of points PointsExpiring is sent; 0 means never."
    )
  }
}
