import Foundation

@testable import MembersService

extension Profile {
  /// A profile with a value in every field. ``MemberFieldTests`` checks that none is missing.
  static func complete() throws -> Profile {
    Profile(
      name: "王小明 \"O'Neil\" 😀",
      phone: PhoneNumber(stored: "+8613800138000"),
      cardNumber: "会员-906",
      wechatOpenid: "oUpF8uMuAJO",
      externalIDs: [ExternalID(source: "erp", value: "\"1\""), ExternalID(source: "youzan", value: "2\\")],
      gender: .other,
      birthday: try Birthday(year: 1988, month: 2, day: 29),
      status: .suspended,
      attributes: ["household_size": "4", "口味": "不辣"]
    )
  }
}

extension Member {
  /// A member with a value in every field.
  static func complete(at time: Date = Date(timeIntervalSince1970: 1_733_000_000.123456)) throws -> Member {
    Member(registering: try .complete(), id: UUID(), storeID: "S1", at: time)
  }
}
