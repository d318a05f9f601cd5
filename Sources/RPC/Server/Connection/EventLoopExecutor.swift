import Messages
import NIOCore

/// Runs tasks on an event loop, so that a handler shares its connection's thread and needs no lock.
final class EventLoopExecutor: TaskExecutor {
  let eventLoop: any EventLoop

  init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    eventLoop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}

/// Resources shared by all connections of one event loop, and confined to it.
final class LoopResources {
  let executor: EventLoopExecutor
  /// Scratch memory for one message at a time.
  let arena = Arena()
  /// Collects bytes before they are written.
  @exclusivity(unchecked) var output = ByteBuffer()

  /// Whether enough was decompressed for now.
  @exclusivity(unchecked) var unpacking: UnpackingPace

  /// The time by the event loop's clock, which a test may set.
  var now: NIODeadline { executor.eventLoop.now }

  init(_ eventLoop: any EventLoop, limits: ServerLimits = .defaults) {
    executor = EventLoopExecutor(eventLoop)
    unpacking = UnpackingPace(bytesMaximum: limits.unpackedBytesAtOnce)
  }
}
