import Glibc

/// Tells when whoever started the process has gone or wants it gone.
enum EndOfInput {
  /// Returns when standard input has ended.
  static func wait() async {
    // A thread of its own: reading blocks, and the tasks' threads are few.
    await withCheckedContinuation { continuation in
      var thread = pthread_t()
      let context = Unmanaged.passRetained(Box(continuation)).toOpaque()
      let result = pthread_create(
        &thread,
        nil,
        { context in
          var byte: UInt8 = 0
          while read(0, &byte, 1) > 0 {}
          if let context { Unmanaged<Box>.fromOpaque(context).takeRetainedValue().continuation.resume() }
          return nil
        },
        context
      )
      precondition(result == 0, "no thread can be started")
      pthread_detach(thread)
    }
  }

  private final class Box {
    let continuation: CheckedContinuation<Void, Never>

    init(_ continuation: CheckedContinuation<Void, Never>) { self.continuation = continuation }
  }
}
