import Foundation
import Postgres

/// A member as a row of the table `member`.
enum MemberRow {
  /// The columns that ``member(_:)`` reads, in its order.
  static let columns: SQL = """
    member_id, name, phone, card_number, wechat_openid, external_ids, gender, birth_year, birth_month, birth_day, \
    status, registered_store_id, attributes, registered_at, updated_at, version
    """

  /// Reads a row of ``columns``.
  static func member(_ row: Row) throws -> Member {
    let (
      id, name, phone, cardNumber, wechatOpenid, externalIDs, gender, birthYear, birthMonth, birthDay,
      status, registeredStoreID, attributes, registeredAt, updatedAt, version
    ) = try row.decode(
      UUID.self,
      String.self,
      String?.self,
      String?.self,
      String?.self,
      JSON.self,
      Gender.self,
      Int16?.self,
      Int16?.self,
      Int16?.self,
      MemberStatus.self,
      String?.self,
      JSON.self,
      Date.self,
      Date.self,
      Int64.self
    )
    let profile = Profile(
      name: name,
      phone: phone.map(PhoneNumber.init(stored:)),
      cardNumber: cardNumber,
      wechatOpenid: wechatOpenid,
      externalIDs: try dictionary(externalIDs).map { ExternalID(source: $0.key, value: $0.value) }.sorted {
        $0.source < $1.source
      },
      gender: gender,
      birthday: try birthday(year: birthYear, month: birthMonth, day: birthDay),
      status: status,
      attributes: try dictionary(attributes)
    )
    return Member(
      id: id,
      profile: profile,
      registeredStoreID: registeredStoreID,
      registeredAt: registeredAt,
      updatedAt: updatedAt,
      version: version
    )
  }

  /// Encodes external IDs as one JSON object from source to value.
  static func json(_ externalIDs: [ExternalID]) throws -> JSON {
    try json(Dictionary(externalIDs.map { ($0.source, $0.value) }) { first, _ in first })
  }

  /// Encodes texts by key as one JSON object.
  static func json(_ texts: [String: String]) throws -> JSON {
    guard !texts.isEmpty else { return JSON("{}") }
    return JSON(String(decoding: try JSONEncoder().encode(texts), as: UTF8.self))
  }

  private static func dictionary(_ json: JSON) throws -> [String: String] {
    guard json.text != "{}" else { return [:] }
    return try JSONDecoder().decode([String: String].self, from: Data(json.text.utf8))
  }

  private static func birthday(year: Int16?, month: Int16?, day: Int16?) throws -> Birthday? {
    guard let month, let day else { return nil }
    return try Birthday(year: Int(year ?? 0), month: Int(month), day: Int(day))
  }
}

extension Gender: PostgresCodable {}
extension MemberStatus: PostgresCodable {}
