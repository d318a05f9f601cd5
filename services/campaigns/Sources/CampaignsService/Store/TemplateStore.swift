import FollowedMembers
import Foundation
import Postgres
import ServiceKit

/// The coupon templates in PostgreSQL.
struct TemplateStore: Sendable {
  let database: Database

  /// Inserts a new template. Returns false if its code is taken.
  func insert(_ template: CouponTemplate, in transaction: Transaction) async throws -> Bool {
    let terms = template.terms
    let inserted = try await transaction.execute(
      """
      INSERT INTO coupon_template (template_id, code, title, amount_minor_units, share_basis_points,
        maximum_minor_units, threshold_minor_units, currency_code, valid_from, valid_before, created_at)
      VALUES (\(template.templateID), \(template.code), \(template.title), \(terms.benefit.amountMinorUnits),
        \(terms.benefit.shareBasisPoints), \(terms.benefit.maximumMinorUnits), \(terms.thresholdMinorUnits),
        \(terms.currencyCode), \(terms.validFrom), \(terms.validBefore), \(template.createdAt))
      ON CONFLICT (code) DO NOTHING
      """
    )
    return inserted == 1
  }

  /// Returns a template by ID, nil if there is none.
  func template(_ templateID: UUID) async throws -> CouponTemplate? {
    try await database.query(
      "SELECT \(CouponTemplate.columns) FROM coupon_template WHERE template_id = \(templateID)"
    ).first.map(Self.read)
  }

  /// Returns a template by ID, and the standing of the member who is to get a coupon. Nil if there is no such template.
  /// The standing is nil if it is unknown.
  func template(
    _ templateID: UUID,
    toGive member: UUID,
    in transaction: Transaction
  ) async throws -> (CouponTemplate, MemberStanding?)? {
    let rows = try await transaction.query(
      """
      SELECT \(CouponTemplate.columns), \(KnownMembers.standing(of: member))
      FROM coupon_template WHERE template_id = \(templateID)
      """
    )
    return try rows.first.map { row in
      var reader = RowReader(row)
      return (try CouponTemplate.read(&reader), try reader.next(MemberStanding?.self))
    }
  }

  /// Returns templates older than one, newest first, optionally only the one with a code.
  func templates(code: String?, before templateID: UUID?, limit: Int) async throws -> [CouponTemplate] {
    var query: SQL = "SELECT \(CouponTemplate.columns) FROM coupon_template WHERE TRUE"
    if let code { query += " AND code = \(code)" }
    if let templateID { query += " AND template_id < \(templateID)" }
    query += " ORDER BY template_id DESC LIMIT \(limit)"
    return try await database.query(query).map(Self.read)
  }

  private static func read(_ row: Row) throws -> CouponTemplate {
    var reader = RowReader(row)
    return try CouponTemplate.read(&reader)
  }
}
