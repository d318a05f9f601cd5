/// The flow-control credit that is withheld on one response stream, in bytes.
///
/// Credit for a message is returned when its reader takes it. Credit for the beginning of an incomplete message is
/// returned as soon as the reader has nothing left to take, because a message larger than the window could not arrive
/// otherwise. So at most a window of whole messages plus one message is ever buffered.
struct StreamCredit: Sendable {
  /// Bytes received and not credited.
  private var outstanding = 0
  /// The part of them in messages that the reader has not taken.
  private var heldByMessages = 0

  mutating func arrived(_ bytes: Int) {
    outstanding += bytes
  }

  /// Records a complete message of `frameBytes`, including framing. Returns the credit to return when it is read.
  mutating func completed(frameBytes: Int) -> Int {
    let credit = min(frameBytes, outstanding - heldByMessages)
    heldByMessages += credit
    return credit
  }

  /// Records that the reader took messages with `credit`. Returns the credit to return now.
  mutating func taken(_ credit: Int) -> Int {
    heldByMessages -= credit
    guard heldByMessages > 0 else { return settle() }
    outstanding -= credit
    return credit
  }

  /// Records that all messages so far were delivered. Returns the credit to return now.
  mutating func settle() -> Int {
    guard heldByMessages == 0 else { return 0 }
    defer { outstanding = 0 }
    return outstanding
  }
}
