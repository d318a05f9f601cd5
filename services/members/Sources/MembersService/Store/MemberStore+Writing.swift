import Foundation
import Postgres

extension MemberStore {
  /// Inserts a new member and claims its identifiers. Throws ``IdentifiersTaken`` when one belongs to another member.
  func insert(_ member: Member, in transaction: Transaction) async throws {
    let profile = member.profile
    let identifiers = profile.identifiers
    let insertion: SQL = try """
    INSERT INTO member (\(MemberRow.columns))
    VALUES (\(member.id), \(profile.name), \(profile.phone?.e164), \(profile.cardNumber), \(profile.wechatOpenid),
      \(MemberRow.json(profile.externalIDs)), \(profile.gender), \(profile.birthday?.storedYear),
      \(profile.birthday?.storedMonth), \(profile.birthday?.storedDay), \(profile.status),
      \(member.registeredStoreID), \(MemberRow.json(profile.attributes)), \(member.registeredAt),
      \(member.updatedAt), \(member.version))
    """
    let answers = try await transaction.pipeline([claim(identifiers, for: member.id), insertion])
    try check(answers[0], claims: identifiers)
  }

  /// Returns a member and locks it for changing: other transactions that want to change it wait.
  func lock(_ id: UUID, in transaction: Transaction) async throws -> Member? {
    try await transaction.query(
      "SELECT \(MemberRow.columns) FROM member WHERE member_id = \(id) FOR NO KEY UPDATE"
    ).first.map(MemberRow.member)
  }

  /// Updates a locked member. Throws ``IdentifiersTaken`` when a claimed identifier belongs to another member.
  func update(_ member: Member, claims: Member.Claims, in transaction: Transaction) async throws {
    let profile = member.profile
    let change: SQL = try """
    UPDATE member SET
      name = \(profile.name), phone = \(profile.phone?.e164), card_number = \(profile.cardNumber),
      wechat_openid = \(profile.wechatOpenid), external_ids = \(MemberRow.json(profile.externalIDs)),
      gender = \(profile.gender), birth_year = \(profile.birthday?.storedYear),
      birth_month = \(profile.birthday?.storedMonth), birth_day = \(profile.birthday?.storedDay),
      status = \(profile.status), attributes = \(MemberRow.json(profile.attributes)),
      updated_at = \(member.updatedAt), version = \(member.version)
    WHERE member_id = \(member.id)
    """
    let answers = try await transaction.pipeline([
      release(claims.released, of: member.id), claim(claims.claimed, for: member.id), change,
    ])
    try check(answers[1], claims: claims.claimed)
  }

  /// Inserts the owner of identifiers and returns those that were free. Waits for claims of other transactions that are
  /// not committed yet.
  private func claim(_ identifiers: [Identifier], for id: UUID) -> SQL {
    """
    INSERT INTO identifier (kind, source, value, member_id)
    SELECT kind, source, value, \(id)
    FROM unnest(\(identifiers.map(\.kind)), \(identifiers.map(\.source)), \(identifiers.map(\.value)))
      WITH ORDINALITY AS claim (kind, source, value, place)
    ORDER BY place
    ON CONFLICT DO NOTHING
    RETURNING kind, source, value
    """
  }

  private func check(_ claimed: Rows, claims identifiers: [Identifier]) throws {
    guard claimed.count < identifiers.count else { return }
    let mine = try Set(
      claimed.decode(Identifier.Kind.self, String.self, String.self).map { kind, source, value in
        Identifier(kind: kind, source: source, value: value)
      }
    )
    throw IdentifiersTaken(identifiers: identifiers.filter { !mine.contains($0) })
  }

  private func release(_ identifiers: [Identifier], of id: UUID) -> SQL {
    """
    DELETE FROM identifier USING
      unnest(\(identifiers.map(\.kind)), \(identifiers.map(\.source)), \(identifiers.map(\.value)))
        AS given (kind, source, value)
    WHERE identifier.kind = given.kind AND identifier.source = given.source AND identifier.value = given.value
      AND identifier.member_id = \(id)
    """
  }
}

extension Identifier.Kind: PostgresCodable, PostgresArrayElement {}

extension Birthday {
  fileprivate var storedYear: Int16? { year.map(Int16.init) }
  fileprivate var storedMonth: Int16 { Int16(month) }
  fileprivate var storedDay: Int16 { Int16(day) }
}
