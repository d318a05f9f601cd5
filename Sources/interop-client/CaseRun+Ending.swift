import RPC
import TestAPI

extension CaseRun {
  /// Cancelled after its headers, before its first message.
  func cancelAfterBegin() async throws {
    let record = CallRecord()
    let call = try await client.streamingInputCall(options: options { $0.observers = [record] })
    await record.started()
    call.cancel()
    try await requireStatus(.cancelled) { try await call.finish() }
  }

  /// Cancelled after its first response.
  func cancelAfterFirstResponse() async throws {
    let call = try await client.fullDuplexCall(options: options())
    var responses = call.responses.makeAsyncIterator()
    try await call.send(request(27_182, answer: 31_415))
    let response = try await responses.next()
    try require("the payload", response?.payload, isZeros: 31_415)
    call.cancel()
    do {
      _ = try await responses.next()
    } catch let error as RPCError {
      return try require("the status", error.code, is: .cancelled)
    }
    throw CaseFailure("the call went on after it was cancelled")
  }

  /// A deadline that passes while the server does nothing.
  func timeoutOnSleepingServer() async throws {
    // The connection is there before the clock runs: the time-out is for the call.
    try await emptyUnary()
    let call = try await client.fullDuplexCall(options: options { $0.timeout = .milliseconds(1) })
    try await requireStatus(.deadlineExceeded) {
      try await call.send(StreamingRequest(payload: payload(27_182)))
      for try await _ in call.responses {}
    }
  }
}
