import MembersProto
import ServiceKit

/// The common fields of the messages with a profile.
protocol ProfileMessage {
  var name: String { get }
  var phone: String { get }
  var cardNumber: String { get }
  var wechatOpenid: String { get }
  var externalIDs: [MembersV1.ExternalID] { get }
  var gender: MembersV1.Gender { get }
  var birthday: MembersV1.Birthday? { get }
  var attributes: [String: String] { get }
}

extension MembersV1.RegisterMemberRequest: ProfileMessage {}
extension MembersV1.Member: ProfileMessage {}

extension ProfileMessage {
  /// Reads and validates the named fields. The others keep their defaults. `prefix` is the beginning of the fields'
  /// paths.
  func profile(_ named: Set<ProfileField>, prefix: String = "", _ fields: inout FieldChecks) -> Profile {
    var profile = Profile()
    for field in ProfileField.allCases where named.contains(field) {
      let path = prefix + field.rawValue
      switch field {
      case .name: profile.name = fields.name(path, name, ContractLimits.memberName)
      case .phone: profile.phone = fields.phone(path, phone)
      case .cardNumber: profile.cardNumber = fields.number(path, cardNumber, .card)
      case .wechatOpenid: profile.wechatOpenid = fields.number(path, wechatOpenid, .wechatOpenid)
      case .externalIDs: profile.externalIDs = fields.externalIDs(path, externalIDs)
      case .gender: profile.gender = fields.gender(path, gender)
      case .birthday: profile.birthday = fields.birthday(path, birthday)
      case .attributes: profile.attributes = fields.attributes(path, attributes)
      // Changed only by an update; see `MembersAPI.updateMember`.
      case .status: break
      }
    }
    return profile
  }
}
