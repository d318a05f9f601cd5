import Glibc

/// The time of day.
enum UnixClock {
  /// Nanoseconds since 1970-01-01T00:00:00Z.
  static var nanoseconds: UInt64 {
    // As seconds and nanoseconds, because optimised builds of several packages do not agree on the module of
    // `timespec`.
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 2) { time in
      guard let start = time.baseAddress else { return 0 }
      clock_gettime(CLOCK_REALTIME, UnsafeMutablePointer(OpaquePointer(start)))
      return UInt64(clamping: time[0]) * 1_000_000_000 + UInt64(clamping: time[1])
    }
  }
}

extension CallSpan {
  /// Makes the span of a call that ends now. Its start is derived from the monotonic clock.
  init(
    ending trace: TraceContext,
    side: Side,
    method: MethodDescriptor?,
    lasting nanoseconds: Int64,
    status: StatusCode
  ) {
    let end = UnixClock.nanoseconds
    self.init(
      trace: trace,
      side: side,
      method: method,
      startUnixNanoseconds: end - min(end, UInt64(clamping: nanoseconds)),
      endUnixNanoseconds: end,
      status: status
    )
  }
}
