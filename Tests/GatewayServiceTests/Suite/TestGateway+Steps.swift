import AppProto
import CampaignsProto
import CommonProto
import Eventually
import LoyaltyProto
import LoyaltyTestSupport
import MembersProto
import PosProto
import RPC
import Testing

extension TestGateway {
  /// Registers a member at the till.
  func registeredMember() async throws -> String {
    let request = PosV1.RegisterMemberRequest(requestID: id(), cardNumber: id())
    return try await pos.registerMember(request).member?.memberID ?? ""
  }

  /// Registers a member without opening an account, as another system would.
  func memberWithoutAccount() async throws -> MembersV1.Member {
    let request = MembersV1.RegisterMemberRequest(requestID: id(), cardNumber: id())
    return try await suite.members.registerMember(request).member ?? MembersV1.Member()
  }

  /// Suspends a member, and waits until loyalty and campaigns have applied it.
  func suspend(_ memberID: String) async throws {
    try await change(memberID, to: .suspended)
    try await eventually("loyalty hears of the suspension") { try await isRefusedPoints(memberID) }
    let template = try await template()
    try await eventually("campaigns hears of the suspension") {
      await refusal { _ = try await coupon(template, of: memberID) } == "MEMBER_SUSPENDED"
    }
  }

  /// Reinstates a member, and waits until loyalty and campaigns have applied it.
  func reinstate(_ memberID: String) async throws {
    try await change(memberID, to: .active)
    try await eventually("loyalty hears of it") { try await !isRefusedPoints(memberID) }
    let template = try await template()
    try await eventually("campaigns hears of it") {
      await refusal { _ = try await coupon(template, of: memberID) } == nil
    }
  }

  /// Returns whether loyalty refuses points because of the member's standing.
  private func isRefusedPoints(_ memberID: String) async throws -> Bool {
    let request = LoyaltyV1.CreditRequest(requestID: id(), memberID: memberID, asset: "growth", amount: 1)
    return await refusal { _ = try await suite.loyalty.credit(request) } == "MEMBER_SUSPENDED"
  }

  private func change(_ memberID: String, to status: MembersV1.MemberStatus) async throws {
    var member = try await suite.members.getMember(MembersV1.GetMemberRequest(memberID: memberID)).member
    member?.status = status
    _ = try await suite.members.updateMember(
      MembersV1.UpdateMemberRequest(
        requestID: id(),
        member: member,
        updateMask: GoogleProtobuf.FieldMask(paths: ["status"])
      )
    )
  }

  /// Returns the programme's currency.
  func currency() async throws -> String {
    try await suite.loyalty.getProgramme(LoyaltyV1.GetProgrammeRequest()).programme?.currencyCode ?? ""
  }

  /// Makes an amount in the programme's currency.
  func money(_ minorUnits: Int64) async throws -> CommonV1.Money {
    CommonV1.Money(currencyCode: try await currency(), minorUnits: minorUnits)
  }

  /// Issues a coupon of a fixed amount to a member.
  func coupon(
    of memberID: String,
    takingOff minorUnits: Int64 = 500,
    from validFrom: GoogleProtobuf.Timestamp? = nil,
    before validBefore: GoogleProtobuf.Timestamp? = nil
  ) async throws -> String {
    let template = try await template(takingOff: minorUnits, from: validFrom, before: validBefore)
    return try await coupon(template, of: memberID)
  }

  /// Makes a template of coupons of a fixed amount, and returns its ID.
  private func template(
    takingOff minorUnits: Int64 = 500,
    from validFrom: GoogleProtobuf.Timestamp? = nil,
    before validBefore: GoogleProtobuf.Timestamp? = nil
  ) async throws -> String {
    let template = CampaignsV1.CouponTemplate(
      code: id(),
      title: "A coupon",
      benefit: .amountOff(CampaignsV1.AmountOff(amount: try await money(minorUnits))),
      validFrom: validFrom,
      validBefore: validBefore
    )
    let created = try await suite.campaigns.createCouponTemplate(
      CampaignsV1.CreateCouponTemplateRequest(requestID: id(), template: template)
    )
    return created.template?.templateID ?? ""
  }

  /// Issues a coupon of a template to a member.
  private func coupon(_ templateID: String, of memberID: String) async throws -> String {
    let request = CampaignsV1.IssueCouponRequest(requestID: id(), memberID: memberID, templateID: templateID)
    return try await suite.campaigns.issueCoupon(request).coupon?.couponID ?? ""
  }

  /// Makes a sale of one line.
  func sale(
    to memberID: String,
    for minorUnits: Int64 = 10_000,
    coupons: [String] = [],
    points: Int64 = 0
  ) async throws -> PosV1.CheckoutRequest {
    try await sale(to: memberID, lines: [minorUnits], coupons: coupons, points: points)
  }

  /// Makes a sale of several lines, one piece each.
  func sale(
    to memberID: String,
    lines: [Int64],
    coupons: [String] = [],
    points: Int64 = 0
  ) async throws -> PosV1.CheckoutRequest {
    let currency = try await currency()
    return PosV1.CheckoutRequest(
      requestID: id(),
      memberID: memberID,
      storeID: "store-1",
      tillID: "till-1",
      receiptNumber: id(),
      lines: lines.map { minorUnits in
        CommonV1.OrderLine(
          productID: "1",
          quantityThousandths: 1_000,
          amount: CommonV1.Money(currencyCode: currency, minorUnits: minorUnits)
        )
      },
      couponIDs: coupons,
      pointsToRedeem: points
    )
  }

  /// Returns the member's points.
  func points(of memberID: String) async throws -> Int64 {
    try await app.getBalance(AppV1.GetBalanceRequest(memberID: memberID)).points
  }

  /// Returns the number of entries in the member's account.
  func entryCount(of memberID: String) async throws -> Int {
    try await app.listEntries(AppV1.ListEntriesRequest(memberID: memberID)).entries.count
  }

  /// Returns whether a coupon is redeemed, once campaigns has applied the order.
  func isUsed(_ couponID: String, of memberID: String) async throws -> Bool {
    let request = CampaignsV1.ListCouponsRequest(memberID: memberID, status: .redeemed)
    return try await suite.campaigns.listCoupons(request).coupons.contains { $0.couponID == couponID }
  }
}

/// Returns the reason for refusing a call, nil if it succeeds.
func refusal(_ call: () async throws -> Void) async -> String? {
  do {
    try await call()
    return nil
  } catch let error as RPCError {
    return error.info?.reason ?? "\(error.code)"
  } catch {
    return "\(error)"
  }
}
