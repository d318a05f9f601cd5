/// How many changes of each kind were acknowledged.
struct AcknowledgedCounts: Codable, Hashable, Sendable {
  /// Orders posted.
  var orders = 0
  /// Orders taken back.
  var reversals = 0
  /// Payments into stored values and out of them.
  var storedValueMovements = 0

  /// Counts one more.
  mutating func add(_ kind: AcknowledgedMutation.Kind) {
    switch kind {
    case .order: orders += 1
    case .reversal: reversals += 1
    case .storedValue: storedValueMovements += 1
    }
  }

  /// In words.
  var text: String {
    "\(Text.count(orders)) orders, \(Text.count(reversals)) reversals and \(Text.count(storedValueMovements)) movements of "
      + "stored values"
  }
}
