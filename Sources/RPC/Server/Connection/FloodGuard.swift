import NIOCore

/// Counts what a client does that serves no call, and says when it becomes a flood (rpc.md row 19).
struct FloodGuard: Sendable, Hashable {
  /// What there is too much of.
  enum Flood: String, Sendable, Hashable {
    case resets = "too_many_resets"
    case faults = "too_many_stream_errors"
    case control = "too_many_control_frames"

    /// The debug data of the GOAWAY that ends the connection.
    var debugData: String { rawValue }
  }

  /// WINDOW_UPDATEs that a client may send for each DATA frame it gets: one for the stream and one for the connection,
  /// twice, for some count a frame in parts. A PING to measure with comes less often.
  private static let controlFramesPerDataFrame = 4

  private var resets: TokenBucket
  private var faults: TokenBucket
  private var control: TokenBucket
  private var dataFramesCounted = 0

  init(limits: ServerLimits, now: NIODeadline) {
    resets = TokenBucket(burst: limits.resetBurst, perSecond: limits.resetsPerSecond, now: now)
    faults = TokenBucket(burst: limits.streamErrorBurst, perSecond: limits.streamErrorsPerSecond, now: now)
    control = TokenBucket(burst: limits.controlFrameBurst, perSecond: limits.controlFramesPerSecond, now: now)
  }

  /// - Parameter dataFramesSent: how many DATA frames the client has been sent so far.
  /// - Returns: the flood that this is, if any.
  mutating func received(_ overhead: HTTP2Overhead, dataFramesSent: Int, now: NIODeadline) -> Flood? {
    switch overhead {
    case .reset: return resets.take(now: now) ? nil : .resets
    case .fault: return faults.take(now: now) ? nil : .faults
    case .control:
      if control.take(now: now) { return nil }
      control.grant(min(dataFramesSent - dataFramesCounted, Int.max / 8) * Self.controlFramesPerDataFrame)
      dataFramesCounted = dataFramesSent
      return control.take(now: now) ? nil : .control
    }
  }
}
