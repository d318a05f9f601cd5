internal import Messages
internal import PatronAPI

extension CampaignsV1.CouponTemplate {
  /// Whether its coupons count at a moment, in microseconds since 1970.
  func isValid(at unixMicroseconds: Int64) -> Bool {
    if let validFrom, validFrom.unixMicroseconds > unixMicroseconds { return false }
    if let validBefore, validBefore.unixMicroseconds <= unixMicroseconds { return false }
    return true
  }
}
