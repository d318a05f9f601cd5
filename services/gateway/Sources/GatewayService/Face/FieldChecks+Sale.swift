internal import Foundation
internal import ServiceKit

extension FieldChecks {
  /// Checks the coupons of a sale.
  mutating func coupons(_ couponIDs: [String]) {
    count("coupon_ids", couponIDs.count, ContractLimits.orderCoupons)
    var seen: Set<UUID> = []
    for (index, couponID) in couponIDs.prefix(ContractLimits.orderCoupons.upperBound).enumerated() {
      let id = uuid("coupon_ids[\(index)]", couponID)
      if id != .zero, !seen.insert(id).inserted {
        refuse("coupon_ids[\(index)]", reason: "DUPLICATE", "give each coupon once")
      }
    }
  }
}
