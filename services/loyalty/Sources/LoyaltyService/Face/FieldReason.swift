/// Why a single field is refused, beyond the reasons that every service has.
enum FieldReason {
  /// An amount is in another currency than the programme.
  static let currencyMismatch = "CURRENCY_MISMATCH"
  /// A sum does not fit into 64 bits.
  static let tooLarge = "TOO_LARGE"
  /// The coupons take off more than the lines add up to.
  static let couponsExceedGross = "COUPONS_EXCEED_GROSS"
  /// The points are no multiple of what the redeem rule says.
  static let pointsNotMultiple = "POINTS_NOT_MULTIPLE"
  /// The points are worth more than is left to pay.
  static let pointsExceedPayable = "POINTS_EXCEED_PAYABLE"
  /// A text is no day of the calendar.
  static let notADay = "NOT_A_DAY"
  /// A day that must be still to come is over.
  static let dayIsOver = "DAY_IS_OVER"
  /// A coupon is named twice.
  static let repeated = "REPEATED"
  /// Coupons and a reservation come together or not at all.
  static let withoutCoupons = "RESERVATION_WITHOUT_COUPONS"
  /// A receipt has no such line.
  static let noSuchLine = "NO_SUCH_LINE"
  /// More comes back of a line than is left of it.
  static let moreThanLeft = "MORE_THAN_LEFT"
  /// A quantity comes back of a line that was sold without one.
  static let soldWithoutQuantity = "SOLD_WITHOUT_QUANTITY"
  /// Two fields that must differ are the same.
  static let same = "SAME"
  /// A moment that must be still to come is over, or is too far away.
  static let notAhead = "NOT_AHEAD"
  /// A period ends before it begins.
  static let endsBeforeItBegins = "ENDS_BEFORE_IT_BEGINS"
}
