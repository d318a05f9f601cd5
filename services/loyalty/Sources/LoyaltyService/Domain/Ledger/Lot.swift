/// So much of an asset that expires together: it can be spent to the end of a day.
struct Lot: Sendable, Hashable {
  /// The last day on which it can be spent.
  var expiresOn: Day
  /// How much there is; more than 0.
  var amount: Int64
}
