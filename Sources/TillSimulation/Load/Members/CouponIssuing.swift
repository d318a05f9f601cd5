import Basics
import CampaignsProto
import CommonProto
import Foundation
import LocalSuite
import RPC
import ServiceKit

/// Issues the coupons that a load will use.
struct CouponIssuing: Sendable {
  /// How many are issued at a time.
  private static let atOnce = 128
  /// How many more than are expected to be needed, as a share: the kinds are drawn at random.
  private static let surplus = 0.1

  let plan: LoadPlan
  /// Tells the coupons of this step of the run from those of the others.
  let name: String
  let client: CampaignsV1.CampaignsServiceClient
  let stop: StopSignal
  let terminal: Terminal

  /// How many coupons the plan needs.
  static func count(_ plan: LoadPlan) -> Int {
    let share = plan.mix.share(of: LoadKind.coupon.name)
    return share > 0 ? Int((plan.curve.total * share * (1 + surplus)).rounded(.up)) + 10 : 0
  }

  /// Issues them, to members as the plan chooses them.
  ///
  /// - Returns: The content of a file for ``CouponSupply``.
  func issue() async throws -> Data {
    let patience = Patience(total: .seconds(60))
    let template = try await patience.call { try await client.createCouponTemplate(templateRequest, options: $0) }
    let templateID = template.template?.templateID ?? ""
    let roster = try MemberRoster(plan.members)
    let picker = MemberPicker(plan.choice, count: plan.members.count)
    var random = RandomSource.seeded(plan.seed)
    let members = (0..<Self.count(plan)).map { _ in picker.next(using: &random) }
    let issued = IssuedCoupons()
    let ids = UUIDv7Generator()
    let progress = ProgressReporter("Issuing coupons", total: members.count, terminal: terminal)
    try await concurrently(members, atOnce: Self.atOnce) { number in
      guard !stop.isRequested else { throw CancellationError() }
      let request = CampaignsV1.IssueCouponRequest(
        requestID: ids.next().text,
        memberID: roster.memberID(number),
        templateID: templateID
      )
      let response = try await patience.call { try await client.issueCoupon(request, options: $0) }
      if let id = UUID(uuidString: response.coupon?.couponID ?? "") { await issued.add(number, id) }
      progress.advance()
    }
    progress.finish()
    return CouponSupply.content(await issued.all)
  }

  private var templateRequest: CampaignsV1.CreateCouponTemplateRequest {
    CampaignsV1.CreateCouponTemplateRequest(
      requestID: UUIDv7Generator().next().text,
      template: CampaignsV1.CouponTemplate(
        code: "LOAD-\(plan.run)-\(name)",
        title: "Load",
        benefit: .amountOff(
          CampaignsV1.AmountOff(amount: CommonV1.Money(currencyCode: plan.programme.currencyCode, minorUnits: 50))
        )
      )
    )
  }
}

/// Coupons as they are issued.
private actor IssuedCoupons {
  private(set) var all: [(memberNumber: Int, couponID: UUID)] = []

  func add(_ memberNumber: Int, _ couponID: UUID) { all.append((memberNumber, couponID)) }
}
