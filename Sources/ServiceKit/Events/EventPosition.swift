import Basics

/// A place in an event log: the transaction that wrote an event, then the event's number.
struct EventPosition: Sendable, Hashable, Comparable {
  var transactionID: Int64
  var sequence: Int64

  /// Before every event.
  static let start = EventPosition(transactionID: 0, sequence: 0)

  static func < (left: EventPosition, right: EventPosition) -> Bool {
    (left.transactionID, left.sequence) < (right.transactionID, right.sequence)
  }
}

extension EventPosition {
  private static let version: UInt8 = 1

  /// The text that callers keep; they are not to look into it.
  var cursor: String {
    var bytes = [Self.version]
    for number in [transactionID, sequence] {
      bytes += (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
    }
    return Base64URL.encode(bytes)
  }

  /// Reads a cursor; the empty one is the start. Nil when no service gave it out.
  init?(cursor: String) {
    if cursor.isEmpty {
      self = .start
      return
    }
    guard cursor.utf8.count < 64, let bytes = Base64URL.decode(cursor), bytes.count == 17, bytes[0] == Self.version
    else {
      return nil
    }
    func number(_ slice: ArraySlice<UInt8>) -> Int64 { slice.reduce(0) { $0 << 8 | Int64($1) } }
    self.init(transactionID: number(bytes[1..<9]), sequence: number(bytes[9..<17]))
    guard transactionID >= 0, sequence >= 0 else { return nil }
  }
}
