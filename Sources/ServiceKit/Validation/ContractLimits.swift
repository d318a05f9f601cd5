/// The most that a request may carry: part of the contract, the same in every service, so that what the gateway takes its
/// owners take too. The proto comments say the same numbers.
public enum ContractLimits {
  /// The largest amount of money, of a line and of an order, in the currency's smallest unit: ten thousand million of a
  /// currency with cents. A million such orders still add up within 64 bits.
  public static let minorUnitsMaximum: Int64 = 1_000_000_000_000
  /// The most points, or units of another asset, that one request names.
  public static let pointsMaximum: Int64 = 1_000_000_000_000
  /// The largest quantity of a line, in thousandths: a thousand million pieces.
  public static let quantityThousandthsMaximum: Int64 = 1_000_000_000_000

  /// How many lines a receipt has.
  public static let orderLines = 1...1_000
  /// The number of a line of a receipt.
  public static let orderLineNumbers: ClosedRange<Int32> = 0...999
  /// How many orders one request has.
  public static let orders = 1...1_000
  /// How many coupons a receipt uses.
  public static let orderCoupons = 0...20
  /// How long coupons are held for an order.
  public static let couponTimeToLive = Duration.seconds(1)...Duration.seconds(3_600)
  /// How many of the chain's own fields a member has.
  public static let attributes = 0...50
  /// How many numbers in other systems a member has.
  public static let externalIDs = 0...10

  /// Characters of what a product is called on a receipt.
  public static let productDescription = 0...200
  /// Characters of a product's category.
  public static let productCategory = 0...100
  /// Characters of a phone number as it is typed.
  public static let phone = 0...32
  /// Characters of a member's name.
  public static let memberName = 0...100
  /// Characters of the value of one of a member's own fields.
  public static let attributeValue = 0...500
  /// Characters of the reason that staff give.
  public static let reason = 1...500
  /// Characters of feedback.
  public static let feedbackText = 1...4_000
  /// Characters of what staff write when they close feedback.
  public static let resolution = 1...2_000
  /// Characters of the code of an asset; none stands for points.
  public static let assetCode = 0...32
  /// Characters of the name of a programme or of the title of a coupon.
  public static let title = 1...100
  /// Characters of an etag.
  public static let etag = 1...200
}
