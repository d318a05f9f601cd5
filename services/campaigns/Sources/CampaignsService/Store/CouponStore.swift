import FollowedMembers
import Foundation
import Postgres
import ServiceKit

/// The members' coupons in PostgreSQL.
struct CouponStore: Sendable {
  let database: Database

  /// Inserts a member's coupon.
  func insert(_ coupon: Coupon, in transaction: Transaction) async throws {
    _ = try await transaction.execute(
      """
      INSERT INTO coupon (member_id, coupon_id, template_id, issued_at)
      VALUES (\(coupon.memberID), \(coupon.couponID), \(coupon.template.templateID), \(coupon.issuedAt))
      """
    )
  }

  /// Returns a member's coupons issued before a coupon, latest first, optionally only those in a status.
  func coupons(
    of member: UUID,
    status: CouponStatus?,
    before couponID: UUID?,
    limit: Int
  ) async throws -> [Coupon] {
    var query: SQL = "SELECT \(Coupon.columns) FROM \(Coupon.source) WHERE coupon.member_id = \(member)"
    if let couponID { query += " AND coupon.coupon_id < \(couponID)" }
    if let status { query += " AND \(Self.condition(status))" }
    query += " ORDER BY coupon.coupon_id DESC LIMIT \(limit)"
    return try await database.query(query).map { row in
      var reader = RowReader(row)
      return try Coupon.read(&reader)
    }
  }

  /// Returns those of the coupons that the member has, and the member's standing. The standing is nil if it is unknown,
  /// or if the member has none of the coupons.
  func coupons(_ couponIDs: [UUID], of member: UUID) async throws -> (coupons: [Coupon], standing: MemberStanding?) {
    let rows = try await database.query(
      """
      SELECT \(Coupon.columns), \(KnownMembers.standing(of: member)) FROM \(Coupon.source)
      WHERE coupon.member_id = \(member) AND coupon.coupon_id = ANY(\(couponIDs))
      """
    )
    var standing: MemberStanding?
    let coupons = try rows.map { row in
      var reader = RowReader(row)
      let coupon = try Coupon.read(&reader)
      standing = try reader.next(MemberStanding?.self)
      return coupon
    }
    return (coupons, standing)
  }

  /// Makes the condition on the reservations of coupons in a status, as in ``CouponStatus/init(reservation:)``.
  private static func condition(_ status: CouponStatus) -> SQL {
    switch status {
    case .issued: "(reservation.status IS NULL OR reservation.status IN (4, 5))"
    case .reserved: "reservation.status IN (1, 2)"
    case .redeemed: "reservation.status = 3"
    }
  }
}
