/// The response of a unary call. Its caller waits from the start, so only the event loop uses it.
final class SingleResponse: ResponseReceiver, @unchecked Sendable {
  private var message = FrameReader.Message(isCompressed: false, bytes: [])
  private var continuation: UnsafeContinuation<FrameReader.Message, any Error>?

  /// Sets the caller's continuation, before the call is passed to the event loop.
  func resume(_ continuation: UnsafeContinuation<FrameReader.Message, any Error>) {
    self.continuation = continuation
  }

  func receivedHeaders(_ metadata: Metadata) {}

  func received(_ message: FrameReader.Message, credit: Int) {
    self.message = message
  }

  func ended(_ outcome: AttemptOutcome) {
    guard let continuation else { return }
    self.continuation = nil
    if let error = outcome.error {
      continuation.resume(throwing: error)
    } else {
      continuation.resume(returning: message)
    }
  }
}

/// Receives a call's response on the event loop for the task that made the call.
protocol ResponseReceiver: AnyObject, Sendable {
  func receivedHeaders(_ metadata: Metadata)
  /// Receives one message, still compressed if it was: the task decompresses it, so what is queued is no larger than
  /// what the server sent. `credit` is the flow-control credit to return when the task reads the message.
  func received(_ message: FrameReader.Message, credit: Int)
  /// Receives the outcome. Called exactly once, last.
  func ended(_ outcome: AttemptOutcome)
}
