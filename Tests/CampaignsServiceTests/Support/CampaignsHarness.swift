import Basics
import CampaignsProto
import Foundation
import LoyaltyTestSupport
import Postgres
import PostgresTestSupport
import RPC
import ServiceKit

@testable import CampaignsService

/// A real campaigns service for one test with a real loyalty service and a clock that the test sets.
struct CampaignsHarness: Sendable {
  /// The background jobs to run.
  enum Jobs: Sendable {
    /// None: the test settles and follows by itself.
    case none
    /// The job that follows the ledger.
    case follower
    /// The job that follows members.
    case memberFollower
    /// All of them.
    case all
  }

  let client: CampaignsV1.CampaignsServiceClient
  let loyalty: LoyaltyHarness
  let database: Database
  let settlement: Settlement
  let clock: TestClock
  let ids = UUIDv7Generator()

  /// Runs a test against a fresh campaigns service.
  ///
  /// - Parameter members: The channel to members. Nil leads to a server without members.
  @discardableResult
  static func with<Result>(
    jobs: Jobs = .none,
    members: (any ClientChannel)? = nil,
    suspended: SuspendedSettings = SuspendedSettings(),
    _ body: (CampaignsHarness) async throws -> Result
  ) async throws -> Result {
    try await LoyaltyHarness.with { loyalty in
      try await TestDatabase.with(configure: { $0.session.searchPath = [CampaignsService.name] }) { database in
        try await migrate(database, CampaignsService.self)
        let clock = TestClock()
        let kit = ServiceResources.forTesting(
          service: CampaignsService.name,
          database: database,
          requestTimes: .forTesting(aheadMaximum: .seconds(100 * 365 * 86_400)),
          clock: clock.wall
        )
        let parts = CampaignsParts(
          kit,
          ReservationSettings(),
          suspended,
          loyalty: loyalty.channel,
          members: members ?? loyalty.channel
        )
        let running: [Job] =
          switch jobs {
          case .none: []
          case .follower: parts.follower
          case .memberFollower: parts.memberFollower
          case .all: parts.jobs
          }
        return try await serving(ServiceParts(services: [parts.api], jobs: running), as: CampaignsService.self) {
          channel in
          try await body(
            CampaignsHarness(
              client: CampaignsV1.CampaignsServiceClient(channel),
              loyalty: loyalty,
              database: database,
              settlement: parts.settlement,
              clock: clock
            )
          )
        }
      }
    }
  }

  func create(_ template: CampaignsV1.CouponTemplate) async throws -> CampaignsV1.CouponTemplate {
    let request = CampaignsV1.CreateCouponTemplateRequest(requestID: ids.next().text, template: template)
    return try await client.createCouponTemplate(request).template ?? CampaignsV1.CouponTemplate()
  }

  /// Makes a member known to campaigns, as if members had announced it.
  func know(_ member: UUID) async throws {
    try await database.execute(
      "INSERT INTO known_member (member_id, standing) VALUES (\(member), 1) ON CONFLICT DO NOTHING"
    )
  }

  /// Issues a coupon to a member, who is known from then on.
  func issue(_ template: CampaignsV1.CouponTemplate, to member: UUID) async throws -> CampaignsV1.Coupon {
    try await know(member)
    let request = CampaignsV1.IssueCouponRequest(
      requestID: ids.next().text,
      memberID: member.text,
      templateID: template.templateID
    )
    return try await client.issueCoupon(request).coupon ?? CampaignsV1.Coupon()
  }

  func reserve(_ request: CampaignsV1.ReserveCouponsRequest) async throws -> CampaignsV1.Reservation {
    try await client.reserveCoupons(request).reservation ?? CampaignsV1.Reservation()
  }

  /// Returns a member's coupons, latest first, optionally only those in a status.
  func coupons(
    of member: UUID,
    _ status: CampaignsV1.CouponStatus = .unspecified
  ) async throws -> [CampaignsV1.Coupon] {
    try await client.listCoupons(.init(memberID: member.text, pageSize: 500, status: status)).coupons
  }
}
