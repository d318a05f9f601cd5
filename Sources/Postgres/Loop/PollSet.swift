import CLibPQ
import Glibc

/// The descriptors that the loop polls: an epoll, level-triggered because libpq needs it.
struct PollSet {
  /// The readiness of a descriptor.
  struct Event {
    var tag: UInt64
    var isReadable: Bool
    var isWritable: Bool
  }

  private let descriptor: Int32
  private var events: [epoll_event]

  init() {
    descriptor = patron_epoll_create()
    precondition(descriptor >= 0, "no epoll: the process has too many open files")
    events = Array(repeating: epoll_event(), count: 256)
  }

  func close() {
    Glibc.close(descriptor)
  }

  func add(_ target: Int32, tag: UInt64) {
    _ = patron_epoll_control(descriptor, EPOLL_CTL_ADD, target, tag, 1, 0)
  }

  func change(_ target: Int32, tag: UInt64, reading: Bool, writing: Bool) {
    _ = patron_epoll_control(descriptor, EPOLL_CTL_MOD, target, tag, reading ? 1 : 0, writing ? 1 : 0)
  }

  func remove(_ target: Int32) {
    _ = patron_epoll_control(descriptor, EPOLL_CTL_DEL, target, 0, 0, 0)
  }

  /// Waits at most `milliseconds`, -1 for ever. A broken connection counts as readable.
  mutating func wait(milliseconds: Int32, _ body: (Event) -> Void) {
    let count = epoll_wait(descriptor, &events, Int32(events.count), milliseconds)
    guard count > 0 else { return }
    for event in events.prefix(Int(count)) {
      let broken = event.events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0
      body(
        Event(
          tag: event.data.u64,
          isReadable: broken || event.events & EPOLLIN.rawValue != 0,
          isWritable: event.events & EPOLLOUT.rawValue != 0
        )
      )
    }
  }
}
