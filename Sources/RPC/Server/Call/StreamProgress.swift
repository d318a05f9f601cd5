import NIOCore

/// Whether a stream gets anywhere (rpc.md row 18): what its peer has begun must go on.
struct StreamProgress: Sendable {
  /// What the stream waits for its peer to do.
  enum Waiting: Sendable, Equatable {
    /// Nothing: the handler works, or an open stream is idle by right.
    case nothing
    /// To complete a header block or a message that has begun, or to take response bytes.
    case progress
    /// To deliver the whole request of a method that takes one message.
    case request
  }

  /// When the stream was opened.
  var openedAt: NIODeadline
  /// When something last moved.
  private(set) var movedAt: NIODeadline
  /// What has moved since then, too little to count.
  private var bytes = 0

  init(openedAt: NIODeadline) {
    self.openedAt = openedAt
    self.movedAt = openedAt
  }

  /// Something has begun or is complete.
  mutating func moved(at now: NIODeadline) {
    movedAt = now
    bytes = 0
  }

  /// Some bytes of something larger have moved.
  mutating func moved(bytes count: Int, at now: NIODeadline, bytesMinimum: Int) {
    bytes += count
    if bytes >= bytesMinimum { moved(at: now) }
  }

  /// Whether the wait has been too long.
  func isStalled(_ waiting: Waiting, now: NIODeadline, limits: ServerLimits) -> Bool {
    switch waiting {
    case .nothing: false
    case .progress: now - movedAt >= TimeAmount(limits.progressTimeout)
    case .request:
      now - movedAt >= TimeAmount(limits.progressTimeout) || now - openedAt >= TimeAmount(limits.requestTimeout)
    }
  }
}
