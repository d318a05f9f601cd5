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
