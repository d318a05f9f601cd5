import CLibPQ
import Glibc

/// Runs blocking work on its own thread instead of one of Swift's few cooperative threads.
enum BackgroundThread {
  private final class Body {
    let name: String
    let run: @Sendable () -> Void

    init(name: String, _ run: @escaping @Sendable () -> Void) {
      self.name = name
      self.run = run
    }
  }

  /// Starts a detached thread.
  ///
  /// - Parameter name: The thread's name for the system, at most 15 bytes.
  /// - Returns: False when the system cannot create a thread.
  static func start(_ name: String, _ body: @escaping @Sendable () -> Void) -> Bool {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    let argument = Unmanaged.passRetained(Body(name: name, body))
    var thread = pthread_t()
    let result = pthread_create(
      &thread,
      &attributes,
      { argument in
        guard let argument else { return nil }
        let body = Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
        patron_thread_name(body.name)
        body.run()
        return nil
      },
      argument.toOpaque()
    )
    if result != 0 { argument.release() }
    return result == 0
  }
}
