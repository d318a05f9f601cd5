public import CampaignsProto
public import RPC
public import ServiceKit

/// Why campaigns refuses a call: the stable reasons of its errors. Reasons of single fields are in ``FieldReason``.
public enum CampaignsReason: String, ErrorReason, CaseIterable {
  public static let domain = "campaigns.patron"

  /// Another template has the code.
  case templateCodeTaken = "TEMPLATE_CODE_TAKEN"
  /// There is no such template.
  case templateNotFound = "TEMPLATE_NOT_FOUND"
  /// The template's coupons can no longer be used.
  case templateEnded = "TEMPLATE_ENDED"
  /// The member is suspended, and the setting forbids suspended members to get and use coupons.
  case memberSuspended = "MEMBER_SUSPENDED"
  /// The member does not have the coupon, or another order holds or has redeemed it.
  case couponNotAvailable = "COUPON_NOT_AVAILABLE"
  /// The sale happened after the coupon's period.
  case couponExpired = "COUPON_EXPIRED"
  /// The sale happened before the coupon's period.
  case couponNotYetValid = "COUPON_NOT_YET_VALID"
  /// The sale happened before the coupon was issued.
  case couponNotYetIssued = "COUPON_NOT_YET_ISSUED"
  /// None of the coupons would reduce the price.
  case couponWithoutEffect = "COUPON_WITHOUT_EFFECT"
  /// The sum of the order's lines is below the coupon's threshold.
  case thresholdNotReached = "THRESHOLD_NOT_REACHED"
  /// There is no such reservation.
  case reservationNotFound = "RESERVATION_NOT_FOUND"
  /// The ledger has no order posted with the reservation.
  case orderNotPosted = "ORDER_NOT_POSTED"
  /// An order was posted with the reservation.
  case orderPosted = "ORDER_POSTED"

  public var code: StatusCode {
    switch self {
    case .templateCodeTaken: .alreadyExists
    case .templateNotFound, .reservationNotFound: .notFound
    case .couponNotAvailable, .couponExpired, .couponNotYetValid, .couponNotYetIssued, .couponWithoutEffect,
      .thresholdNotReached, .orderNotPosted, .orderPosted, .templateEnded, .memberSuspended:
      .failedPrecondition
    }
  }

  public var sentence: String {
    switch self {
    case .templateCodeTaken: "Another template has the code."
    case .templateNotFound: "There is no such template."
    case .templateEnded: "The template's coupons cannot be used any more: issue coupons of another one."
    case .memberSuspended:
      "The member is suspended, so gets and uses no coupons: sell without them, or have the member reinstated."
    case .couponNotAvailable: "The member does not have the coupon, or another order holds it or has used it up."
    case .couponExpired: "The sale happened after the coupon could be used."
    case .couponNotYetValid: "The sale happened before the coupon can be used."
    case .couponNotYetIssued: "The sale happened before the coupon was issued."
    case .couponWithoutEffect: "None of the coupons would take anything off: leave them out."
    case .thresholdNotReached: "The sum of the order's lines is too small for the coupon."
    case .reservationNotFound: "There is no such reservation."
    case .orderNotPosted: "The ledger knows no order posted with the reservation."
    case .orderPosted: "An order was posted with the reservation, so its coupons are used up."
    }
  }
}

extension CampaignsV1.CampaignEvent.OneOfKind: EventKind {
  /// The kind's name in the log.
  public var type: String {
    switch self {
    case .couponTemplateCreated: "coupon_template_created"
    case .couponIssued: "coupon_issued"
    case .couponsRedeemed: "coupons_redeemed"
    case .couponsReleased: "coupons_released"
    }
  }
}

/// Why a single field is refused, beyond the reasons of every service.
enum FieldReason: String, FieldRefusalReason {
  /// The end of a period is not after its beginning.
  case emptyPeriod = "EMPTY_PERIOD"
}
