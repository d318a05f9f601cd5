import NIOCore
import NIOPosix
import Synchronization

#if canImport(Glibc)
  private import Glibc
#endif

/// Gives memory back to the system after a connection held much of it, or many connections have ended. glibc keeps what was
/// freed between what was not, so that a server would look as large as the worst that ever befell it.
///
/// Others give it back by themselves; there this does nothing.
final class MemoryReturn: Sendable {
  private let delay: TimeAmount?
  private let isScheduled = Atomic(false)
  /// Connections that have ended since memory was last given back.
  private let endedConnections = Atomic(0)

  /// What so many connections leave behind, about a megabyte, is worth a return.
  private static let endedConnectionsWorthReturning = 64

  /// - Parameter delay: how long to wait, for one return to serve many connections; nil leaves malloc alone.
  init(delay: Duration?) {
    self.delay = delay.map { TimeAmount($0) }
    if delay != nil { Self.keepLittle }
  }

  /// A connection and its calls are over.
  func connectionEnded(on eventLoop: any EventLoop) {
    let ended = endedConnections.wrappingAdd(1, ordering: .relaxed).newValue
    if ended >= Self.endedConnectionsWorthReturning { schedule(on: eventLoop) }
  }

  /// A connection no longer needs what it held.
  func schedule(on eventLoop: any EventLoop) {
    guard let delay, Self.trim != nil, !isScheduled.exchange(true, ordering: .relaxed) else { return }
    eventLoop.scheduleTask(in: delay) {
      self.isScheduled.store(false, ordering: .relaxed)
      self.endedConnections.store(0, ordering: .relaxed)
      // It takes milliseconds when there is much.
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

    /// Fixes the two thresholds, once for the process. glibc starts with 128 KiB each and raises them up to 32 and 64 MiB
    /// as it sees large blocks freed; then those leave gaps. And `malloc_trim` does not touch the free end of a thread's
    /// arena: only the threshold does.
    private static let keepLittle: Void = {
      guard let setOption = dlsym(nil, "mallopt").map({ unsafeBitCast($0, to: SetOption.self) }) else { return }
      _ = setOption(mapThreshold, 128 << 10)
      _ = setOption(trimThreshold, 2 << 20)
    }()
  #else
    private static let trim: Trim? = nil
    private static let keepLittle: Void = ()
  #endif
}
