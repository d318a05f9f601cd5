/// The well-known type `google.protobuf.Duration`: a span of time as seconds and nanoseconds of the same sign.
public protocol DurationMessage: Message {
  /// Whole seconds.
  var seconds: Int64 { get set }
  /// Nanoseconds, -999,999,999 to 999,999,999, never of the opposite sign of the seconds.
  var nanos: Int32 { get set }

  /// Makes a message.
  ///
  /// - Parameters:
  ///   - seconds: Whole seconds.
  ///   - nanos: Nanoseconds of the same sign.
  init(seconds: Int64, nanos: Int32)
}

extension DurationMessage {
  /// Converts `duration`, rounding toward zero to a nanosecond.
  ///
  /// - Parameter duration: The span of time.
  public init(_ duration: Swift.Duration) {
    let (seconds, attoseconds) = duration.components
    self.init(seconds: seconds, nanos: Int32(attoseconds / 1_000_000_000))
  }

  /// The span of time. The nearest valid one when the seconds are beyond 10,000 years (``isValid``).
  public var duration: Swift.Duration {
    guard Self.secondsRange.contains(seconds) else {
      return .seconds(seconds < 0 ? Self.secondsRange.lowerBound : Self.secondsRange.upperBound)
    }
    return Swift.Duration(secondsComponent: seconds, attosecondsComponent: Int64(nanos) * 1_000_000_000)
  }

  /// Whether the span is at most 10,000 years and both parts have the same sign, as the type requires.
  public var isValid: Bool {
    Self.secondsRange.contains(seconds) && (-999_999_999...999_999_999).contains(nanos)
      && (seconds == 0 || nanos == 0 || (seconds < 0) == (nanos < 0))
  }

  /// About 10,000 years each way.
  private static var secondsRange: ClosedRange<Int64> { -315_576_000_000...315_576_000_000 }
}
