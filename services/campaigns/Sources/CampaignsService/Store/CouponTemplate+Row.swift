import Foundation
import Postgres

extension CouponTemplate {
  /// The columns that ``read(_:)`` reads, in order.
  static let columns: SQL = """
    coupon_template.template_id, coupon_template.code, coupon_template.title, coupon_template.amount_minor_units, \
    coupon_template.share_basis_points, coupon_template.maximum_minor_units, coupon_template.currency_code, \
    coupon_template.threshold_minor_units, coupon_template.valid_from, coupon_template.valid_before, \
    coupon_template.created_at
    """

  /// Reads the columns.
  static func read(_ row: inout RowReader) throws(PostgresError) -> CouponTemplate {
    CouponTemplate(
      templateID: try row.next(),
      code: try row.next(),
      title: try row.next(),
      terms: CouponTerms(
        benefit: CouponBenefit(
          amountMinorUnits: try row.next(),
          shareBasisPoints: try row.next(),
          maximumMinorUnits: try row.next()
        ),
        currencyCode: try row.next(),
        thresholdMinorUnits: try row.next(),
        validFrom: try row.next(),
        validBefore: try row.next()
      ),
      createdAt: try row.next()
    )
  }
}

extension CouponBenefit {
  /// Makes the benefit from its columns, of which exactly one of amount and percentage is set.
  init(amountMinorUnits: Int64?, shareBasisPoints: Int32?, maximumMinorUnits: Int64?) {
    if let shareBasisPoints {
      self = .percentOff(basisPoints: shareBasisPoints, maximumMinorUnits: maximumMinorUnits)
    } else {
      self = .amountOff(minorUnits: amountMinorUnits ?? 0)
    }
  }

  var amountMinorUnits: Int64? {
    guard case .amountOff(let minorUnits) = self else { return nil }
    return minorUnits
  }

  var shareBasisPoints: Int32? {
    guard case .percentOff(let basisPoints, _) = self else { return nil }
    return basisPoints
  }

  var maximumMinorUnits: Int64? {
    guard case .percentOff(_, let maximumMinorUnits) = self else { return nil }
    return maximumMinorUnits
  }
}
