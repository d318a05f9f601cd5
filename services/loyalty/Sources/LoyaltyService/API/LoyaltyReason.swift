public import LoyaltyProto
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
  /// The member is suspended, and the settings do not allow such members the call.
  case memberSuspended = "MEMBER_SUSPENDED"
  /// The programme has no such asset.
  case assetNotFound = "ASSET_NOT_FOUND"
  /// The member has fewer points than are to be taken.
  case insufficientPoints = "INSUFFICIENT_POINTS"
  /// The member's stored value is less than what is to be taken.
  case insufficientStoredValue = "INSUFFICIENT_STORED_VALUE"
  /// The member's stored value would do, but not what was paid in: the rest is bonus.
  case bonusNotRefundable = "BONUS_NOT_REFUNDABLE"
  /// With what comes back the member would have more than 64 bits take.
  case balanceTooLarge = "BALANCE_TOO_LARGE"
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
  /// The request is dated before all that the ledger has, and may have been done.
  case requestTooOld = "REQUEST_TOO_OLD"
  /// The order is older than the entries that the ledger has.
  case orderTooOld = "ORDER_TOO_OLD"
  /// A month with entries that the reader of the ledger does not have yet was archived.
  case entriesArchived = "ENTRIES_ARCHIVED"

  /// The goods of the order, or the lines that are named, came back before.
  case nothingLeftToReturn = "NOTHING_LEFT_TO_RETURN"
  /// Another asset has the code.
  case assetExists = "ASSET_EXISTS"
  /// The programme has as many assets as are allowed.
  case tooManyAssets = "TOO_MANY_ASSETS"
  /// The call is for points, and the asset is money, or the other way round.
  case wrongKindOfAsset = "WRONG_KIND_OF_ASSET"
  /// There is no such hold: it was captured, released, or ran out.
  case holdNotFound = "HOLD_NOT_FOUND"
  /// The hold has less than is to be captured.
  case holdTooSmall = "HOLD_TOO_SMALL"
  /// The member has as many holds as are allowed.
  case tooManyHolds = "TOO_MANY_HOLDS"
  /// There is nothing pending under this id: it became spendable, was cancelled, or was taken back.
  case pendingNotFound = "PENDING_NOT_FOUND"
  /// The member has as many pending lots as are allowed.
  case tooManyPending = "TOO_MANY_PENDING"
  /// The correction is so large that somebody else must approve it.
  case approvalNeeded = "APPROVAL_NEEDED"
  /// The correction is larger than anybody may make it.
  case adjustmentTooLarge = "ADJUSTMENT_TOO_LARGE"

  /// More requests wait for the ledger than it takes.
  case ledgerOverloaded = "LEDGER_OVERLOADED"

  public var code: StatusCode {
    switch self {
    case .etagMismatch: .aborted
    case .accountNotFound, .assetNotFound, .orderNotFound, .holdNotFound, .pendingNotFound: .notFound
    case .receiptAlreadyPosted, .assetExists: .alreadyExists
    case .ledgerOverloaded: .resourceExhausted
    case .currencyInUse, .insufficientPoints, .insufficientStoredValue, .bonusNotRefundable, .balanceTooLarge,
      .reservationVoided, .reservationAlreadyPosted, .orderAlreadyReversed, .nothingLeftToReturn, .tooManyAssets,
      .wrongKindOfAsset, .holdTooSmall, .tooManyHolds, .tooManyPending, .approvalNeeded, .adjustmentTooLarge,
      .requestTooOld, .orderTooOld, .entriesArchived, .memberSuspended:
      .failedPrecondition
    }
  }

  public var sentence: String {
    switch self {
    case .etagMismatch: "The programme was changed meanwhile: read it again."
    case .currencyInUse: "The currency cannot change once orders have been posted."
    case .accountNotFound: "The member has no points account."
    case .memberSuspended: "The member is suspended: have the member reinstated."
    case .assetNotFound: "The programme has no such asset: ListAssets names those that there are."
    case .insufficientPoints: "The member has fewer points than are to be taken."
    case .insufficientStoredValue: "The stored value is less than what is to be taken."
    case .bonusNotRefundable: "Only money that was paid in is paid out, not bonus: withdraw what is refundable."
    case .balanceTooLarge: "The member would have more than the ledger can count: spend or take some first."
    case .receiptAlreadyPosted: "The receipt was posted by another request."
    case .reservationVoided: "The coupons' reservation ran out: reserve again and post under the same request id."
    case .reservationAlreadyPosted: "Another order was posted with the coupons' reservation."
    case .orderNotFound: "There is no such order."
    case .orderAlreadyReversed: "The order was reversed by another request."
    case .requestTooOld: "The request id is dated before all that the ledger keeps: it may have been done already."
    case .orderTooOld: "The order is older than the ledger's entries are kept: give or take the points without it."
    case .entriesArchived:
      "Entries after the cursor were archived: begin with an empty one, and take archived months from ledger_archive."
    case .nothingLeftToReturn: "Nothing is left to return: the goods came back before."
    case .assetExists: "There is an asset with this code already: choose another code."
    case .tooManyAssets: "The programme has as many assets as are allowed."
    case .wrongKindOfAsset: "The asset is of the other kind: Credit is for points, Deposit and Withdraw are for money."
    case .holdNotFound: "There is no such hold: it was captured, released, or ran out."
    case .holdTooSmall: "The hold has less than is to be captured."
    case .tooManyHolds: "The member has as many holds as are allowed: capture or release one first."
    case .pendingNotFound: "Nothing is pending under this id: it became spendable, was cancelled, or was taken back."
    case .tooManyPending: "The member has as many pending lots as are allowed: wait until some become spendable."
    case .approvalNeeded: "Somebody else must approve so large a correction: name who did as approver_id."
    case .adjustmentTooLarge: "No correction may be so large, whoever approves it."
    case .ledgerOverloaded: "The ledger has more to do than it takes: send the same request again later."
    }
  }
}

extension LoyaltyV1.LoyaltyEvent.OneOfKind: EventKind {
  /// The kind's name in the log.
  public var type: String {
    switch self {
    case .orderPosted: "order_posted"
    case .orderReversed: "order_reversed"
    case .orderReturned: "order_returned"
    case .pointsExpiring: "points_expiring"
    case .programmeUpdated: "programme_updated"
    }
  }
}

/// Why a single field is refused, beyond the reasons that every service has.
enum FieldReason: String, FieldRefusalReason {
  /// The coupons take off more than the lines add up to.
  case couponsExceedGross = "COUPONS_EXCEED_GROSS"
  /// The points are no multiple of what the redeem rule says.
  case pointsNotMultiple = "POINTS_NOT_MULTIPLE"
  /// The points are worth more than is left to pay.
  case pointsExceedPayable = "POINTS_EXCEED_PAYABLE"
  /// A text is no day of the calendar.
  case notADay = "NOT_A_DAY"
  /// A day that must be still to come is over.
  case dayIsOver = "DAY_IS_OVER"
  /// Coupons and a reservation come together or not at all.
  case withoutCoupons = "RESERVATION_WITHOUT_COUPONS"
  /// A receipt has no such line.
  case noSuchLine = "NO_SUCH_LINE"
  /// More comes back of a line than is left of it.
  case moreThanLeft = "MORE_THAN_LEFT"
  /// A quantity comes back of a line that was sold without one.
  case soldWithoutQuantity = "SOLD_WITHOUT_QUANTITY"
  /// Two fields that must differ are the same.
  case same = "SAME"
  /// A moment that must be still to come is over, or is too far away.
  case notAhead = "NOT_AHEAD"
  /// A period ends before it begins.
  case endsBeforeItBegins = "ENDS_BEFORE_IT_BEGINS"
  /// A code is not written as codes are.
  case notACode = "NOT_A_CODE"
  /// A field that means nothing here is filled in.
  case notEmpty = "NOT_EMPTY"
}
