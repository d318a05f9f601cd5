import Basics
import CommonProto
import MembersProto
import Messages
import ServiceKit

extension Member {
  /// The member as a message of the API.
  var message: MembersV1.Member {
    MembersV1.Member(
      memberID: id.text,
      name: profile.name,
      phone: profile.phone?.e164 ?? "",
      cardNumber: profile.cardNumber ?? "",
      wechatOpenid: profile.wechatOpenid ?? "",
      externalIDs: profile.externalIDs.map { MembersV1.ExternalID(source: $0.source, value: $0.value) },
      gender: MembersV1.Gender(rawValue: Int32(profile.gender.rawValue)),
      birthday: profile.birthday?.message,
      status: MembersV1.MemberStatus(rawValue: Int32(profile.status.rawValue)),
      registeredStoreID: registeredStoreID ?? "",
      attributes: profile.attributes,
      registeredAt: GoogleProtobuf.Timestamp(date: registeredAt),
      updatedAt: GoogleProtobuf.Timestamp(date: updatedAt),
      etag: etag
    )
  }
}

extension Birthday {
  fileprivate var message: MembersV1.Birthday {
    MembersV1.Birthday(year: Int32(year ?? 0), month: Int32(month), day: Int32(day))
  }
}
