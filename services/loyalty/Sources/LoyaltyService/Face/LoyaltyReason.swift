public import RPC
public import ServiceKit

/// Why loyalty refuses a call: the stable reasons of its errors. Reasons of single fields are in ``FieldReason``.
public enum LoyaltyReason: String, ErrorReason, CaseIterable {
  public static let domain = "loyalty.patron"

  /// Somebody else changed the programme since the caller read it.
  case etagMismatch = "ETAG_MISMATCH"
  /// The currency cannot change any more, because orders were posted in it.
  case currencyInUse = "CURRENCY_IN_USE"
  /// The member has no account.
  case accountNotFound = "ACCOUNT_NOT_FOUND"
  /// The programme has no such asset.
  case assetNotFound = "ASSET_NOT_FOUND"
  /// The member has fewer points than the receipt redeems.
  case insufficientPoints = "INSUFFICIENT_POINTS"
  /// Another request posted a receipt with this number in this store.
  case receiptAlreadyPosted = "RECEIPT_ALREADY_POSTED"
  /// The coupons' reservation ran out before the order was posted.
  case reservationVoided = "RESERVATION_VOIDED"
  /// Another order was posted with the reservation.
  case reservationAlreadyPosted = "RESERVATION_ALREADY_POSTED"
  /// There is no such order.
  case orderNotFound = "ORDER_NOT_FOUND"
  /// Another request reversed the order.
  case orderAlreadyReversed = "ORDER_ALREADY_REVERSED"

  /// More requests wait for the ledger than it takes.
  case ledgerOverloaded = "LEDGER_OVERLOADED"

  public var code: StatusCode {
    switch self {
    case .etagMismatch: .aborted
    case .accountNotFound, .assetNotFound, .orderNotFound: .notFound
    case .receiptAlreadyPosted: .alreadyExists
    case .ledgerOverloaded: .resourceExhausted
    case .currencyInUse, .insufficientPoints, .reservationVoided, .reservationAlreadyPosted, .orderAlreadyReversed:
      .failedPrecondition
    }
  }

  public var sentence: String {
    switch self {
    case .etagMismatch: "The programme was changed meanwhile: read it again."
    case .currencyInUse: "The currency cannot change once orders have been posted."
    case .accountNotFound: "The member has no points account."
    case .assetNotFound: "The programme has no such asset; \"points\" is one."
    case .insufficientPoints: "The balance is lower than the points to redeem."
    case .receiptAlreadyPosted: "The receipt was posted by another request."
    case .reservationVoided: "The coupons' reservation ran out: reserve again and post under the same request id."
    case .reservationAlreadyPosted: "Another order was posted with the coupons' reservation."
    case .orderNotFound: "There is no such order."
    case .orderAlreadyReversed: "The order was reversed by another request."
    case .ledgerOverloaded: "The ledger has more to do than it takes: send the same request again later."
    }
  }
}
