/// Something that members can own.
struct Asset: Sendable, Hashable {
  var id: AssetID
  /// What callers call it.
  var code: String
  var kind: Kind

  enum Kind: Sendable, Hashable {
    /// Points, which the programme gives.
    case points
    /// Money that members pay in, in a currency's smallest unit (ISO 4217).
    case money(currencyCode: String)

    var isMoney: Bool { self != .points }
  }
}

/// What can be owned: a currency of points, or a currency of money. The raw value is what the store keeps.
struct AssetID: RawRepresentable, Sendable, Hashable, Comparable {
  var rawValue: Int16

  init(rawValue: Int16) { self.rawValue = rawValue }

  /// The programme's spendable points.
  static let points = AssetID(rawValue: 1)

  static func < (left: AssetID, right: AssetID) -> Bool { left.rawValue < right.rawValue }
}
