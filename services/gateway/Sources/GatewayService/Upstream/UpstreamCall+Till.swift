import CampaignsProto
import LoyaltyProto
import MembersProto
import PosProto

/// The upstream calls of the tills' API.
extension UpstreamCall {
  enum Registration {
    static let register = UpstreamCall(
      "members",
      MembersV1.RegisterMemberRequest.self,
      for: PosV1.RegisterMemberRequest.self,
      FieldNames(
        ["request_id", "name", "phone", "card_number", "wechat_openid", "attributes"],
        [
          "registered_store_id": .whole("store_id"),
          "external_ids[0].source": .whole("external_source"),
          "external_ids": .whole("external_id"),
        ]
      )
    )
    static let openAccount = UpstreamCall(
      "loyalty",
      LoyaltyV1.OpenAccountRequest.self,
      for: PosV1.RegisterMemberRequest.self,
      FieldNames(["request_id"])
    )
  }

  enum Identification {
    static let resolve = UpstreamCall(
      "members",
      MembersV1.ResolveMemberRequest.self,
      for: PosV1.IdentifyMemberRequest.self,
      FieldNames(["identifier", "phone", "card_number", "wechat_openid", "external_id"])
    )
    static let balance = UpstreamCall(
      "loyalty",
      LoyaltyV1.GetBalanceRequest.self,
      for: PosV1.IdentifyMemberRequest.self,
      FieldNames([])
    )
    static let coupons = UpstreamCall(
      "campaigns",
      CampaignsV1.ListCouponsRequest.self,
      for: PosV1.IdentifyMemberRequest.self,
      FieldNames([])
    )
  }

  enum Checkout {
    static let reserve = UpstreamCall(
      "campaigns",
      CampaignsV1.ReserveCouponsRequest.self,
      for: PosV1.CheckoutRequest.self,
      FieldNames(
        ["member_id", "coupon_ids", "occurred_at"],
        [
          "order_id": .whole("request_id"),
          "gross": .whole("lines"),
          "gross.currency_code": .whole("lines[0].amount.currency_code"),
        ]
      )
    )
    static let release = UpstreamCall(
      "campaigns",
      CampaignsV1.ReleaseReservationRequest.self,
      for: PosV1.CheckoutRequest.self,
      FieldNames([])
    )
    static let post = UpstreamCall(
      "loyalty",
      LoyaltyV1.PostOrderRequest.self,
      for: PosV1.CheckoutRequest.self,
      FieldNames(
        [
          "request_id", "member_id", "store_id", "till_id", "receipt_number", "occurred_at", "lines",
          "points_to_redeem",
        ],
        ["coupon_discounts": .elements("coupon_ids")]
      )
    )
    static let programme = UpstreamCall(
      "loyalty",
      LoyaltyV1.GetProgrammeRequest.self,
      for: PosV1.CheckoutRequest.self,
      FieldNames([])
    )
    static let account = AccountCalls(for: PosV1.CheckoutRequest.self)
  }

  enum Refund {
    static let reverse = UpstreamCall(
      "loyalty",
      LoyaltyV1.ReverseOrderRequest.self,
      for: PosV1.RefundOrderRequest.self,
      FieldNames(["request_id", "key", "order_id", "receipt", "reason"])
    )
    static let wait = UpstreamCall(
      "loyalty",
      LoyaltyV1.PostReturnRequest.self,
      for: PosV1.RefundOrderRequest.self,
      FieldNames(["request_id", "member_id", "key", "order_id", "receipt", "store_id", "reason"])
    )
    static let account = AccountCalls(for: PosV1.RefundOrderRequest.self)
  }

  enum LineReturn {
    static let post = UpstreamCall(
      "loyalty",
      LoyaltyV1.PostReturnRequest.self,
      for: PosV1.ReturnLinesRequest.self,
      FieldNames(["request_id", "member_id", "key", "order_id", "receipt", "store_id", "lines", "reason"])
    )
    static let account = AccountCalls(for: PosV1.ReturnLinesRequest.self)
  }

  /// All calls.
  static let till: [UpstreamCall] =
    [
      Registration.register, Registration.openAccount, Identification.resolve, Identification.balance,
      Identification.coupons, Checkout.reserve, Checkout.release, Checkout.post, Checkout.programme, Refund.reverse,
      Refund.wait, LineReturn.post,
    ] + [Checkout.account, Refund.account, LineReturn.account].flatMap(\.all)
}
