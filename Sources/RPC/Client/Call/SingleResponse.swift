/// The response of a unary call: its caller waits from the start, so the event loop alone touches it.
final class SingleResponse: ResponseReceiver, @unchecked Sendable {
  private var message = FrameReader.Message(isCompressed: false, bytes: [])
  private var continuation: UnsafeContinuation<FrameReader.Message, any Error>?

  /// Before the call is handed to the event loop.
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

/// Takes what a call's response brings, on the event loop, and hands it to the task that made the call.
protocol ResponseReceiver: AnyObject, Sendable {
  func receivedHeaders(_ metadata: Metadata)
  /// One message, still packed if it was sent so: the task unpacks it, and what waits for the task is no larger than
  /// what the server sent. `credit` is the flow control to return when the task takes it.
  func received(_ message: FrameReader.Message, credit: Int)
  /// Called exactly once, last.
  func ended(_ outcome: AttemptOutcome)
}
