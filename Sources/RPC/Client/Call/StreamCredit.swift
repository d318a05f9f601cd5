/// The flow-control credit of one response stream that is held back, in bytes.
///
/// Credit for a message goes back when its reader takes it. Credit for the beginning of an incomplete message goes back
/// as soon as the reader has nothing left to take: otherwise a message larger than the window could never arrive. So at
/// most a window of whole messages plus one message is ever held.
struct StreamCredit: Sendable {
  /// Arrived and not granted again.
  private var outstanding = 0
  /// The part of it that belongs to messages which the reader has not taken.
  private var heldByMessages = 0

  mutating func arrived(_ bytes: Int) {
    outstanding += bytes
  }

  /// A message of so many bytes, framing included, is complete. Returns the credit to give back when it is taken.
  mutating func completed(frameBytes: Int) -> Int {
    let credit = min(frameBytes, outstanding - heldByMessages)
    heldByMessages += credit
    return credit
  }

  /// The reader took messages that held `credit`. Returns what to grant now.
  mutating func taken(_ credit: Int) -> Int {
    heldByMessages -= credit
    guard heldByMessages > 0 else { return settle() }
    outstanding -= credit
    return credit
  }

  /// All messages that arrived so far are handed on. Returns what to grant now.
  mutating func settle() -> Int {
    guard heldByMessages == 0 else { return 0 }
    defer { outstanding = 0 }
    return outstanding
  }
}
