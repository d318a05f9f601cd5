import Glibc

/// The time of day.
enum UnixClock {
  /// Nanoseconds since 1970-01-01T00:00:00Z.
  static var nanoseconds: UInt64 {
    // Seconds and nanoseconds, as `timespec` has them; which module that type belongs to, optimised builds of several
    // packages do not agree on.
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 2) { time in
      guard let start = time.baseAddress else { return 0 }
      clock_gettime(CLOCK_REALTIME, UnsafeMutablePointer(OpaquePointer(start)))
      return UInt64(clamping: time[0]) * 1_000_000_000 + UInt64(clamping: time[1])
    }
  }
}

extension CallSpan {
  /// Of a call that ends now. Its beginning is counted back by the clock that never jumps.
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
