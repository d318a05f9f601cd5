import Basics
import Foundation
import LocalSuite

/// A year of a grocery chain as recorded in "The Complete Journey": who bought what, when and where, which campaigns they
/// were sent, and which coupons they redeemed. Households, stores, products, baskets and campaigns keep their numbers.
package struct Journey: Sendable {
  /// One line of a receipt.
  struct Line: Hashable, Sendable {
    var product: Int
    /// Pieces, or what the till counts for goods without pieces.
    var quantity: Int
    /// What the household paid for the line, in cents.
    var paidCents: Int64
  }

  /// One receipt.
  struct Basket: Hashable, Sendable {
    var number: Int
    var household: Int
    var store: Int
    var occurredAt: Instant
    /// In the order of the file.
    var lines: [Line]

    /// What the household paid for the basket, in cents.
    var paidCents: Int64 { lines.reduce(0) { $0 + $1.paidCents } }
  }

  /// What is known of a product.
  struct Product: Hashable, Sendable {
    var category: String
    var type: String
  }

  /// A campaign that sent coupons to households.
  struct Campaign: Hashable, Sendable {
    var number: Int
    /// "Type A", "Type B" or "Type C".
    var type: String
    /// The first day on which its coupons count.
    var firstDay: Day
    /// The last day on which its coupons count.
    var lastDay: Day
  }

  /// A coupon that a household redeemed on a day. The record names no basket.
  struct Redemption: Hashable, Sendable {
    var household: Int
    var campaign: Int
    var couponCode: String
    var day: Day
  }

  /// Every basket, in the order of time.
  var baskets: [Basket]
  /// Products by number. A few that were sold are not described.
  var products: [Int: Product]
  /// What a survey says of a household, by column; most households were not asked.
  var demographics: [Int: [String: String]]
  /// Campaigns by number.
  var campaigns: [Int: Campaign]
  /// The numbers of the campaigns that each household was sent, ascending.
  var campaignsSent: [Int: [Int]]
  /// Redemptions in the order of the file.
  var redemptions: [Redemption]
  /// The store of each household's first basket.
  var firstStores: [Int: Int]
}

/// Finds the recorded receipts that come with the project.
package enum JourneyDirectory {
  private static let place = "Examples/complete-journey"

  /// The folder that was named; otherwise the one in the working folder, or in one of those above the executable.
  package static func find(_ named: String?) throws -> String {
    if let named { return named }
    var folder = LocalSuite.executables
    var candidates = [place]
    while folder != "/", !folder.isEmpty {
      candidates.append("\(folder)/\(place)")
      folder = (folder as NSString).deletingLastPathComponent
    }
    let files = FileManager.default
    guard let found = candidates.first(where: { files.fileExists(atPath: "\($0)/transactions.csv.gz") }) else {
      throw SuiteError("\(place) was not found. Name it with --data.")
    }
    return found
  }
}
