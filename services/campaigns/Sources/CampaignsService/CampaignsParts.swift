import Basics
import FollowedMembers
import Foundation
import LoyaltyProto
import MembersProto
import RPC
import ServiceKit

/// The parts of the service, assembled with connections to loyalty and members.
struct CampaignsParts: Sendable {
  let api: CampaignsAPI
  let settlement: Settlement
  /// The jobs that follow loyalty's events.
  let follower: [Job]
  /// The jobs that follow members' events.
  let memberFollower: [Job]
  /// The job that settles expired reservations.
  let expiry: Job
  let events: EventLog

  /// All background jobs of the service.
  var jobs: [Job] { follower + memberFollower + [expiry] + events.jobs }

  init(
    _ kit: ServiceResources,
    _ settings: ReservationSettings,
    _ suspended: SuspendedSettings,
    loyalty: any ClientChannel,
    members: any ClientChannel
  ) {
    let loyalty = LoyaltyV1.LoyaltyServiceClient(loyalty)
    let members = KnownMembers(
      kit,
      members: MembersV1.MembersServiceClient(members),
      domain: CampaignsReason.domain
    )
    let events = EventLog(kit, domain: CampaignsReason.domain)
    let settlement = Settlement(
      database: kit.database,
      reservations: ReservationStore(database: kit.database),
      ledger: Ledger(loyalty: loyalty),
      events: events,
      clock: kit.clock,
      retry: Backoff(first: settings.retryInterval, maximum: settings.retryMaximum),
      metrics: SettlementMetrics(kit.metrics),
      logger: kit.logger
    )
    self.events = events
    self.settlement = settlement
    api = CampaignsAPI(
      templates: TemplateStore(database: kit.database),
      coupons: CouponStore(database: kit.database),
      reservations: settlement.reservations,
      settlement: settlement,
      members: members,
      suspendedCoupons: suspended.coupons,
      events: events,
      idempotency: kit.idempotency(domain: CampaignsReason.domain, events: events),
      requestTimes: kit.requestTimes,
      pages: kit.pages,
      clock: kit.clock,
      ids: kit.ids,
      timeToLive: settings.timeToLive,
      tillClockBehindMaximum: settings.tillClockBehindMaximum
    )
    memberFollower = members.jobs
    follower = LedgerFollower(settlement: settlement).jobs(kit, loyalty)
    expiry = Job("settle-reservations", every: settings.scanInterval) {
      try await settlement.settleDue(batchSize: settings.scanBatch)
    }
  }
}
