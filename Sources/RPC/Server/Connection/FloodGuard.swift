import NIOCore

/// Counts a client's actions that serve no call, and detects a flood (rpc.md row 19).
struct FloodGuard: Sendable, Hashable {
  /// The kinds of floods.
  enum Flood: String, Sendable, Hashable {
    case resets = "too_many_resets"
    case faults = "too_many_stream_errors"
    case control = "too_many_control_frames"

    /// The debug data of the GOAWAY that ends the connection.
    var debugData: String { rawValue }
  }

  /// Control frames allowed for each DATA frame sent: one WINDOW_UPDATE for the stream and one for the connection,
  /// twice, because some clients acknowledge a frame in parts. PINGs for measurements are rarer.
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

  /// - Parameter dataFramesSent: The number of DATA frames sent to the client so far.
  /// - Returns: The detected flood, if any.
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
