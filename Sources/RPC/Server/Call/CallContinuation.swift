/// A suspended task of a call, resumed exactly once. Confined to the event loop.
final class CallContinuation<Value: Sendable>: @unchecked Sendable {
  private var continuation: UnsafeContinuation<Result<Value, RPCError>, Never>?

  init(_ continuation: UnsafeContinuation<Result<Value, RPCError>, Never>) { self.continuation = continuation }

  /// Resumes the task. Does nothing when it was resumed before.
  func resume(_ result: Result<Value, RPCError>) {
    continuation?.resume(returning: result)
    continuation = nil
  }
}

/// A task of a call that waits to send an encoded, framed message. Confined to the event loop.
final class WaitingWriter: @unchecked Sendable {
  let frame: [UInt8]
  let allowsCompression: Bool
  private var continuation: CallContinuation<Void>?
  private var result: Result<Void, RPCError>?

  init(frame: [UInt8], allowsCompression: Bool) {
    self.frame = frame
    self.allowsCompression = allowsCompression
  }

  var isDone: Bool { result != nil }

  /// Suspends the task until ``finish(_:)``, which may have been called before.
  func park(_ continuation: CallContinuation<Void>) {
    if let result { continuation.resume(result) } else { self.continuation = continuation }
  }

  /// Resumes the task. Only the first call counts.
  func finish(_ result: Result<Void, RPCError>) {
    guard self.result == nil else { return }
    self.result = result
    continuation?.resume(result)
  }
}
