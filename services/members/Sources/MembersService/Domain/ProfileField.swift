/// A field that an update may name in its mask. The raw values are the paths of `UpdateMemberRequest.update_mask`.
enum ProfileField: String, Sendable, Hashable, CaseIterable {
  case name
  case phone
  case cardNumber = "card_number"
  case wechatOpenid = "wechat_openid"
  case externalIds = "external_ids"
  case gender
  case birthday
  case status
  case attributes
}
