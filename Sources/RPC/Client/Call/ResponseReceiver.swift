/// Takes what a call's response brings, on the event loop, and hands it to the task that made the call.
protocol ResponseReceiver: AnyObject, Sendable {
  func receivedHeaders(_ metadata: Metadata)
  /// One message, still packed if it was sent so: the task unpacks it, and what waits for the task is no larger than
  /// what the server sent. `credit` is the flow control to return when the task takes it.
  func received(_ message: FrameReader.Message, credit: Int)
  /// Called exactly once, last.
  func ended(_ outcome: AttemptOutcome)
}
