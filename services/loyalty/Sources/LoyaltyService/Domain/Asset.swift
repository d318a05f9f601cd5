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
