import Basics

/// The members of a load, whose ids and requests follow from a seed, so that a later run finds them again.
package struct MemberRange: Codable, Hashable, Sendable {
  var count: Int
  var seed: UInt64
  /// Where they are made: the gateway's members are others than those of the points service alone.
  var service: LoadService
  /// Where the ids are that a service minted, 16 bytes each; nil where they follow from the seed.
  var file: String?
  /// The points that everybody has to begin with.
  var startingPoints: Int64

  package init(count: Int, seed: UInt64, service: LoadService, file: String? = nil, startingPoints: Int64) {
    self.count = count
    self.seed = seed
    self.service = service
    self.file = file
    self.startingPoints = startingPoints
  }

  /// The instant that is in all derived ids: before every run, and never later.
  static let openedAt = Instant(unixSeconds: 1_700_000_000)

  /// The id of the member with this number, where it follows from the seed.
  func memberID(_ number: Int) -> String { derived("member", number) }

  /// The id of the request that opens the account, or registers the member.
  func openingID(_ number: Int) -> String { derived("opening", number) }

  /// The id of the order that gives the starting points.
  func startingOrderID(_ number: Int) -> String { derived("points", number) }

  /// The number on that order's receipt.
  func startingReceipt(_ number: Int) -> String { "load-\(service.rawValue)-\(seed)-\(number)" }

  private func derived(_ purpose: String, _ number: Int) -> String {
    DerivedIdentifier.text(at: Self.openedAt, name: "load/\(service.rawValue)/\(seed)/\(purpose)/\(number)")
  }
}
