import Basics
import Glibc

extension Database {
  /// Runs a request and returns its answer.
  ///
  /// - Parameter isCancellable: Whether cancelling the task abandons the request.
  func run(_ request: Request, isCancellable: Bool = true) async throws(PostgresError) -> Reply {
    guard isCancellable else { return try await wait(for: request).get() }
    if Task.isCancelled { throw PostgresError(.cancelled, "the calling task was cancelled") }
    let result = await withTaskCancellationHandler {
      await wait(for: request)
    } onCancel: {
      driver.inbox.post(.cancel(request))
    }
    return try result.get()
  }

  private func wait(for request: Request) async -> Result<Reply, PostgresError> {
    await withUnsafeContinuation { continuation in
      request.continuation = continuation
      if !driver.inbox.post(.submit(request)) {
        request.continuation = nil
        continuation.resume(returning: .failure(PostgresError(.shutDown, "the database object has shut down")))
      }
    }
  }

  /// Sends a request without waiting for the answer.
  func send(_ request: Request) {
    driver.inbox.post(.submit(request))
  }

  /// Returns the moment by which a call must be answered.
  func deadline(_ deadline: ContinuousClock.Instant?, from now: Moment) -> Moment {
    guard let deadline else { return now + queryNanoseconds }
    return now + (deadline - ContinuousClock.now).wholeNanoseconds
  }

  /// Makes a request outside any lease.
  func request(_ work: Request.Work, deadline instant: ContinuousClock.Instant?) -> Request {
    let now = Moment.now
    return Request(work, submitted: now, deadline: deadline(instant, from: now))
  }
}

extension SQL {
  /// Rejects what cannot be sent.
  func check() throws(PostgresError) {
    if let refusal = parameters.refusal { throw .invalidUse(refusal) }
    // libpq reads the text as a C string and would silently drop the rest.
    var text = self.text
    let hasNull = text.withUTF8 { bytes in bytes.baseAddress.map { memchr($0, 0, bytes.count) != nil } ?? false }
    if hasNull { throw .invalidUse("a statement's text holds a NUL byte") }
  }
}
