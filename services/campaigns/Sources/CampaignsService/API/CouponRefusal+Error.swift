import Basics
import Foundation
import RPC
import ServiceKit

extension CouponRefusal {
  /// The refusal as an error: the reason, the coupon, and how far off the order was.
  var error: RPCError {
    switch reason {
    case .notTheMembers: failure(.couponNotAvailable, ["status": "NONE"])
    case .reserved: failure(.couponNotAvailable, ["status": "RESERVED"])
    case .redeemed: failure(.couponNotAvailable, ["status": "REDEEMED"])
    case .notYetIssued(let issued): failure(.couponNotYetIssued, ["issued_at": issued.ISO8601Format()])
    case .withoutEffect: failure(.couponWithoutEffect, [:])
    case .notYetValid(let from): failure(.couponNotYetValid, ["valid_from": from.ISO8601Format()])
    case .expired(let before): failure(.couponExpired, ["valid_before": before.ISO8601Format()])
    case .thresholdNotReached(let threshold, let gross):
      failure(
        .thresholdNotReached,
        [
          "threshold_minor_units": "\(threshold)", "gross_minor_units": "\(gross)",
          "missing_minor_units": "\(threshold - gross)",
        ]
      )
    case .currencyMismatch(let coupon, let order):
      currencyMismatch(coupon: coupon, order: order)
    }
  }

  private func failure(_ reason: CampaignsReason, _ facts: [String: String]) -> RPCError {
    reason.error(metadata: facts.merging(["coupon_id": couponID.text]) { $1 })
  }

  private func currencyMismatch(coupon: String, order: String) -> RPCError {
    .refusing(
      "coupon_ids[\(index)]",
      reason: CommonFieldReason.currencyMismatch,
      domain: CampaignsReason.domain,
      "the coupon's amounts are in \(coupon)",
      ["coupon_id": couponID.text, "coupon_currency": coupon, "order_currency": order]
    )
  }
}
