import NIOCore
import NIOPosix
import Synchronization

#if canImport(Glibc)
  private import Glibc
#endif

/// Returns memory to the system after a connection held much of it, or many connections have ended. glibc retains freed
/// memory between allocations, so a server would stay as large as at its peak.
///
/// Other allocators return memory by themselves. There this does nothing.
final class MemoryReturn: Sendable {
  private let delay: TimeAmount?
  private let isScheduled = Atomic(false)
  /// Connections that have ended since the last return.
  private let endedConnections = Atomic(0)

  /// This many connections leave about a megabyte, which is worth a return.
  private static let endedConnectionsWorthReturning = 64

  /// - Parameter delay: How long to wait, so that one return serves many connections. Nil leaves malloc alone.
  init(delay: Duration?) {
    self.delay = delay.map { TimeAmount($0) }
    if delay != nil { Self.fixThresholds }
  }

  /// Records that a connection and its calls have ended.
  func connectionEnded(on eventLoop: any EventLoop) {
    let ended = endedConnections.wrappingAdd(1, ordering: .relaxed).newValue
    if ended >= Self.endedConnectionsWorthReturning { schedule(on: eventLoop) }
  }

  /// Schedules a return, because a connection released much memory.
  func schedule(on eventLoop: any EventLoop) {
    guard let delay, Self.trim != nil, !isScheduled.exchange(true, ordering: .relaxed) else { return }
    eventLoop.scheduleTask(in: delay) {
      self.isScheduled.store(false, ordering: .relaxed)
      self.endedConnections.store(0, ordering: .relaxed)
      // Takes milliseconds when there is much to return.
      NIOThreadPool.singleton.submit { _ in _ = Self.trim?(0) }
    }
  }

  private typealias Trim = @convention(c) (Int) -> Int32

  #if canImport(Glibc)
    // Swift does not import <malloc.h>.

    /// `malloc_trim(3)`.
    private static let trim = dlsym(nil, "malloc_trim").map { unsafeBitCast($0, to: Trim.self) }

    private typealias SetOption = @convention(c) (Int32, Int32) -> Int32
    /// M_TRIM_THRESHOLD and M_MMAP_THRESHOLD of `mallopt(3)`.
    private static let trimThreshold: Int32 = -1
    private static let mapThreshold: Int32 = -3

    /// Fixes the two thresholds once for the process. glibc starts with 128 KiB each and raises them up to 32 and 64
    /// MiB when large blocks are freed; then those leave gaps. And `malloc_trim` does not trim the end of a thread's
    /// arena; only the threshold does.
    private static let fixThresholds: Void = {
      guard let setOption = dlsym(nil, "mallopt").map({ unsafeBitCast($0, to: SetOption.self) }) else { return }
      _ = setOption(mapThreshold, 128 << 10)
      _ = setOption(trimThreshold, 2 << 20)
    }()
  #else
    private static let trim: Trim? = nil
    private static let fixThresholds: Void = ()
  #endif
}
