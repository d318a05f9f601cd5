import CampaignsProto
import CommonProto
import LocalSuite
import PosProto
import RPC

/// One household's year at the tills: it becomes a member, is issued its coupons, and shops in the order of time.
struct HouseholdReplay: Sendable {
  let household: PlannedHousehold
  /// The ids of the templates by campaign.
  let templates: [Int: String]
  let rule: PointsRule
  let clients: SuiteClients
  let patience: Patience

  /// A refusal ends the household's shopping and counts as a mismatch; the others go on.
  func run(tally: ReplayTally, progress: ProgressReporter) async throws {
    var left = household.receipts.count
    do {
      let memberID = try await register()
      let coupons = try await issueCoupons(to: memberID)
      tally.add { $0.couponsIssued += coupons.count }
      for receipt in household.receipts {
        try await shop(receipt, memberID: memberID, coupons: coupons, tally: tally)
        progress.advance()
        left -= 1
      }
    } catch let error as RPCError where !Patience.mayPass(error.code) && error.code != .cancelled {
      let reason = error.info.map { " (\($0.reason))" } ?? ""
      tally.add { $0.mismatches.append("household \(household.number): \(error)\(reason)") }
      progress.advance(by: left)
    }
  }

  private func register() async throws -> String {
    let request = PosV1.RegisterMemberRequest(household)
    let response = try await patience.call { options in
      try await clients.pos.registerMember(request, options: options)
    }
    return response.member?.memberID ?? ""
  }

  private func issueCoupons(to memberID: String) async throws -> [String] {
    var ids: [String] = []
    for coupon in household.coupons {
      let request = CampaignsV1.IssueCouponRequest(
        requestID: coupon.requestID,
        memberID: memberID,
        templateID: templates[coupon.campaign] ?? "",
        issuedAt: GoogleProtobuf.Timestamp(coupon.issuedAt)
      )
      let response = try await patience.call { options in
        try await clients.campaigns.issueCoupon(request, options: options)
      }
      ids.append(response.coupon?.couponID ?? "")
    }
    return ids
  }

  private func shop(
    _ receipt: PlannedReceipt,
    memberID: String,
    coupons: [String],
    tally: ReplayTally
  ) async throws {
    let request = PosV1.CheckoutRequest(receipt, memberID: memberID, couponIDs: receipt.coupons.map { coupons[$0] })
    let answer = try await patience.call { options in try await clients.pos.checkout(request, options: options) }
    let off = answer.couponDiscounts.reduce(0) { $0 + ($1.discount?.minorUnits ?? 0) }
    tally.add { sums in
      sums.checkouts += 1
      sums.couponsRedeemed += answer.couponDiscounts.count
      sums.couponsOffCents += off
      if answer.payable?.minorUnits != receipt.paidCents {
        sums.mismatches.append(
          "receipt \(receipt.basket): to pay \(answer.payable?.minorUnits ?? 0)"
            + " instead of \(receipt.paidCents)"
        )
      }
      if answer.pointsEarned != rule.points(for: receipt.paidCents) {
        sums.mismatches.append(
          "receipt \(receipt.basket): \(answer.pointsEarned) points"
            + " instead of \(rule.points(for: receipt.paidCents))"
        )
      }
      if answer.couponDiscounts.count != receipt.coupons.count {
        sums.mismatches.append(
          "receipt \(receipt.basket): \(answer.couponDiscounts.count) coupons"
            + " instead of \(receipt.coupons.count)"
        )
      }
    }
  }
}
