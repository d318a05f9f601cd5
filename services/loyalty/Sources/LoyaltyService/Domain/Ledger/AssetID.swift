/// What can be owned: a currency of points, or a currency of money. The raw value is what the store keeps.
struct AssetID: RawRepresentable, Sendable, Hashable, Comparable {
  var rawValue: Int16

  init(rawValue: Int16) { self.rawValue = rawValue }

  /// The programme's spendable points.
  static let points = AssetID(rawValue: 1)

  static func < (left: AssetID, right: AssetID) -> Bool { left.rawValue < right.rawValue }
}
