import NIOCore

/// Detects a stalled stream (rpc.md row 18): what its peer has begun must continue.
struct StreamProgress: Sendable {
  /// What the stream waits for.
  enum Waiting: Sendable, Equatable {
    /// Nothing: the handler is working, or an open stream may be idle.
    case nothing
    /// The rest of a header block or a message, or the reading of response bytes.
    case progress
    /// The whole request of a method with one request message.
    case request
  }

  /// When the stream was opened.
  var openedAt: NIODeadline
  /// When there was last progress.
  private(set) var movedAt: NIODeadline
  /// Bytes since then, too few to count.
  private var bytes = 0

  init(openedAt: NIODeadline) {
    self.openedAt = openedAt
    self.movedAt = openedAt
  }

  /// Records the start or the completion of something.
  mutating func moved(at now: NIODeadline) {
    movedAt = now
    bytes = 0
  }

  /// Records that some bytes of something larger have moved.
  mutating func moved(bytes count: Int, at now: NIODeadline, bytesMinimum: Int) {
    bytes += count
    if bytes >= bytesMinimum { moved(at: now) }
  }

  /// Returns whether the stream has waited for too long.
  func isStalled(_ waiting: Waiting, now: NIODeadline, limits: ServerLimits) -> Bool {
    switch waiting {
    case .nothing: false
    case .progress: now - movedAt >= TimeAmount(limits.progressTimeout)
    case .request:
      now - movedAt >= TimeAmount(limits.progressTimeout) || now - openedAt >= TimeAmount(limits.requestTimeout)
    }
  }
}
