/// What comes back of one line of a receipt.
struct ReturnedLine: Sendable, Hashable {
  /// Which line, counted from 0.
  var line: Int32
  /// How much of what it cost; nil means all that is left of it.
  var minorUnits: Int64?
}
