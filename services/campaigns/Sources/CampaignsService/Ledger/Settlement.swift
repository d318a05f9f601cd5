import Basics
import CampaignsProto
import CommonProto
import CoreMetrics
import Foundation
import Logging
import Messages
import Postgres
import ServiceKit

/// Settles reservations by the ledger's facts.
struct Settlement: Sendable {
  let database: Database
  let reservations: ReservationStore
  let ledger: Ledger
  let events: EventLog
  let clock: WallClock
  /// How long to wait before asking the ledger again about a reservation that could not be settled.
  let retry: Backoff
  let metrics: SettlementMetrics
  let logger: Logger

  /// A fact of the ledger about a reservation.
  struct Fact: Sendable, Hashable {
    var reservationID: UUID
    var fact: ReservationLifecycle.LedgerFact
  }

  /// Closes a reservation, asks the ledger for its outcome, and settles it. Returns its new state, nil if there is
  /// none.
  ///
  /// The mark as closing is committed before the ledger is asked. From then on it is not prolonged, so no till gets a
  /// reservation that the ledger has voided. If this process dies in between, the job continues.
  func close(_ reservationID: UUID) async throws -> Reservation? {
    try await reservations.close(reservationID, dueAt: clock.now + retry.first)
    guard let reservation = try await reservations.reservation(reservationID) else { return nil }
    var lifecycle = ReservationLifecycle(reservation.status)
    guard lifecycle.close() == .askLedger else { return reservation }
    let fact = try await ledger.settle(reservationID)
    return try await record([Fact(reservationID: reservationID, fact: fact)]).first
  }

  /// Records that an order was posted with a reservation.
  func redeem(_ reservationID: UUID) async throws -> Reservation? {
    try await record([Fact(reservationID: reservationID, fact: .posted)]).first
  }

  /// As many failures in a row mean that the ledger or the database is unavailable, not that reservations are invalid.
  private static let failuresInARowMaximum = 10

  /// Settles all due reservations in batches. One that cannot be settled is due again later and does not block others.
  ///
  /// - Throws: The last error when many fail in a row. The untried ones are due again later, too.
  func settleDue(batchSize: Int) async throws {
    var failuresInARow = 0
    while !Task.isCancelled {
      let due = try await reservations.claimDue(
        now: clock.now,
        retry: retry,
        limit: batchSize
      )
      for reservation in due {
        do {
          let fact = try await ledger.settle(reservation.reservationID)
          _ = try await record([Fact(reservationID: reservation.reservationID, fact: fact)])
          metrics.settled.increment()
          failuresInARow = 0
        } catch {
          if Task.isCancelled { throw error }
          metrics.failed.increment()
          failuresInARow += 1
          logger.warning(
            "a reservation could not be settled; the ledger is asked again later",
            metadata: ["reservation_id": "\(reservation.reservationID.text)", "error": "\(ErrorText.of(error))"]
          )
          if failuresInARow >= Self.failuresInARowMaximum { throw error }
        }
      }
      if due.count < batchSize { return }
    }
  }

  private func record(_ facts: [Fact]) async throws -> [Reservation] {
    let settled = try await database.transaction { try await record(facts, in: $0) }
    events.wake()
    return settled
  }

  /// Stores the ledger's facts in their order, and announces the changes. Returns the reservations' new states.
  func record(_ facts: [Fact], in transaction: Transaction) async throws -> [Reservation] {
    guard !facts.isEmpty else { return [] }
    let now = clock.now
    let known = try await reservations.locked(Array(Set(facts.map(\.reservationID))), in: transaction)
    var current = Dictionary(uniqueKeysWithValues: known.map { ($0.reservationID, $0) })
    var changed: Set<UUID> = []
    for fact in facts {
      guard var reservation = current[fact.reservationID] else {
        logger.warning("the ledger knows a reservation that is not known here", metadata: fact.metadata)
        continue
      }
      var lifecycle = ReservationLifecycle(reservation.status)
      let transition = lifecycle.apply(fact.fact)
      reservation.status = lifecycle.status
      current[fact.reservationID] = reservation
      switch transition {
      case .none: continue
      case .contradiction:
        logger.error("the ledger contradicts an earlier fact", metadata: fact.metadata)
      case .redeem, .free:
        changed.insert(fact.reservationID)
        try await announce(reservation, transition, now: now, in: transaction)
      }
    }
    if !changed.isEmpty {
      try await reservations.settle(changed.compactMap { current[$0] }, at: now, in: transaction)
    }
    return Array(current.values)
  }

  private func announce(
    _ reservation: Reservation,
    _ transition: ReservationLifecycle.Transition,
    now: Date,
    in transaction: Transaction
  ) async throws {
    let message = CampaignsV1.Reservation(reservation)
    let isRedeemed = transition == .redeem
    let event = CampaignsV1.CampaignEvent(
      recordedAt: GoogleProtobuf.Timestamp(date: now),
      kind: isRedeemed
        ? .couponsRedeemed(CampaignsV1.CouponsRedeemed(reservation: message))
        : .couponsReleased(CampaignsV1.CouponsReleased(reservation: message))
    )
    try await events.append(event, key: reservation.memberID.text, in: transaction)
  }
}

extension Settlement.Fact {
  fileprivate var metadata: Logger.Metadata {
    ["reservation_id": "\(reservationID.text)", "fact": "\(fact)"]
  }
}

/// Counts settled reservations and failures to settle.
struct SettlementMetrics: Sendable {
  let settled: Counter
  let failed: Counter

  init(_ factory: any MetricsFactory) {
    settled = Counter(label: "reservations_settled", factory: factory)
    failed = Counter(label: "reservations_settle_failed", factory: factory)
  }
}
