import Glibc

/// Detects that the process that started this one has ended or wants it to end.
enum EndOfInput {
  /// Waits until standard input has ended.
  static func wait() async {
    // On a thread of its own, because reading blocks, and the tasks' threads are few.
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
