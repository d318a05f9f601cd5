import AppProto
import CampaignsProto
import FeedbackProto
import LoyaltyProto
import MembersProto

/// The upstream calls of the apps' API.
extension UpstreamCall {
  enum Profiles {
    static let member = UpstreamCall(
      "members",
      MembersV1.GetMemberRequest.self,
      for: AppV1.GetProfileRequest.self,
      FieldNames(["member_id"])
    )
    static let totals = UpstreamCall(
      "members",
      MembersV1.GetPurchaseTotalsRequest.self,
      for: AppV1.GetProfileRequest.self,
      FieldNames(["member_id"])
    )
    static let update = UpstreamCall(
      "members",
      MembersV1.UpdateMemberRequest.self,
      for: AppV1.UpdateProfileRequest.self,
      FieldNames(
        ["request_id", "update_mask"],
        Dictionary(
          uniqueKeysWithValues: ["member_id", "name", "phone", "attributes", "etag"].map {
            ("member.\($0)", .field("profile.\($0)"))
          }
        )
      )
    )
    static let totalsAfterUpdate = UpstreamCall(
      "members",
      MembersV1.GetPurchaseTotalsRequest.self,
      for: AppV1.UpdateProfileRequest.self,
      FieldNames([], ["member_id": .whole("profile.member_id")])
    )
  }

  enum Balance {
    static let balance = UpstreamCall(
      "loyalty",
      LoyaltyV1.GetBalanceRequest.self,
      for: AppV1.GetBalanceRequest.self,
      FieldNames(["member_id", "asset"])
    )
    static let programme = UpstreamCall(
      "loyalty",
      LoyaltyV1.GetProgrammeRequest.self,
      for: AppV1.GetBalanceRequest.self,
      FieldNames([])
    )
    static let assets = UpstreamCall(
      "loyalty",
      LoyaltyV1.ListAssetsRequest.self,
      for: AppV1.GetBalanceRequest.self,
      FieldNames([])
    )
    static let member = UpstreamCall(
      "members",
      MembersV1.GetMemberRequest.self,
      for: AppV1.GetBalanceRequest.self,
      FieldNames(["member_id"])
    )
  }

  enum Entries {
    static let entries = UpstreamCall(
      "loyalty",
      LoyaltyV1.ListEntriesRequest.self,
      for: AppV1.ListEntriesRequest.self,
      FieldNames(["member_id", "page_size", "page_token", "asset"])
    )
    static let assets = UpstreamCall(
      "loyalty",
      LoyaltyV1.ListAssetsRequest.self,
      for: AppV1.ListEntriesRequest.self,
      FieldNames([])
    )
    static let member = UpstreamCall(
      "members",
      MembersV1.GetMemberRequest.self,
      for: AppV1.ListEntriesRequest.self,
      FieldNames(["member_id"])
    )
  }

  enum Coupons {
    static let list = UpstreamCall(
      "campaigns",
      CampaignsV1.ListCouponsRequest.self,
      for: AppV1.ListCouponsRequest.self,
      FieldNames(["member_id", "page_size", "page_token", "status"])
    )
  }

  enum Feedback {
    static let submit = UpstreamCall(
      "feedback",
      FeedbackV1.SubmitFeedbackRequest.self,
      for: AppV1.SubmitFeedbackRequest.self,
      FieldNames(["request_id", "member_id", "store_id", "receipt_number", "category", "text"])
    )
  }

  /// All calls.
  static let app = [
    Profiles.member, Profiles.totals, Profiles.update, Profiles.totalsAfterUpdate, Balance.balance, Balance.programme,
    Balance.assets, Balance.member, Entries.entries, Entries.assets, Entries.member, Coupons.list,
    Feedback.submit,
  ]
}
