import Foundation
import PatronAPI
import RPC
import ServiceKit

/// The parts of the service, put together on a way to loyalty.
struct CampaignsParts: Sendable {
  let face: CampaignsFace
  let settlement: Settlement
  /// Follows loyalty's events.
  let follower: [Job]
  /// Settles reservations that ran out.
  let expiry: Job
  let events: EventLog

  /// What the service does beside its calls.
  var jobs: [Job] { follower + [expiry] + events.jobs }

  init(_ kit: ServiceResources, _ settings: ReservationSettings, loyalty channel: any ClientChannel) {
    let loyalty = LoyaltyV1.LoyaltyServiceClient(channel)
    let events = EventLog(
      database: kit.database,
      settings: kit.eventLogSettings,
      domain: CampaignsReason.domain,
      metrics: kit.metrics,
      logger: kit.logger
    )
    let settlement = Settlement(
      database: kit.database,
      reservations: ReservationStore(database: kit.database),
      ledger: Ledger(loyalty: loyalty),
      events: events,
      clock: kit.clock,
      ids: kit.ids,
      retryInterval: settings.retryInterval,
      retryMaximum: settings.retryMaximum,
      metrics: SettlementMetrics(kit.metrics),
      logger: kit.logger
    )
    self.events = events
    self.settlement = settlement
    face = CampaignsFace(
      templates: TemplateStore(database: kit.database),
      coupons: CouponStore(database: kit.database),
      reservations: settlement.reservations,
      settlement: settlement,
      events: events,
      idempotency: kit.idempotency(domain: CampaignsReason.domain, events: events),
      requestTimes: kit.requestTimes,
      pages: kit.pages,
      clock: kit.clock,
      ids: kit.ids,
      timeToLive: settings.timeToLive,
      tillClockBehindMaximum: settings.tillClockBehindMaximum
    )
    follower = LedgerFollower(settlement: settlement).jobs(kit, loyalty)
    expiry = Job("settle-reservations", every: settings.scanInterval) {
      try await settlement.settleDue(batchSize: settings.scanBatch)
    }
  }
}
