import Basics
import CampaignsProto
import FollowedMembers
import Foundation
import RPC
import ServiceKit

/// The API of campaigns: validates requests and translates them to the domain, and the results back.
struct CampaignsAPI: CampaignsV1.CampaignsService, FollowedService {
  let templates: TemplateStore
  let coupons: CouponStore
  let reservations: ReservationStore
  let settlement: Settlement
  let members: KnownMembers
  /// How coupons of suspended members are treated.
  let suspendedCoupons: SuspendedCoupons
  let events: EventLog
  let idempotency: Idempotency
  let requestTimes: RequestTimes
  let pages: PageTokens
  let clock: WallClock
  let ids: UUIDv7Generator
  /// How long coupons are held when the caller does not say.
  let timeToLive: Duration
  /// How far a till's clock may be behind this service's.
  let tillClockBehindMaximum: Duration
}
