import RPC
import TestAPI

extension CaseRun {
  typealias Parameters = GrpcTesting.ResponseParameters
  typealias StreamingRequest = GrpcTesting.StreamingOutputCallRequest

  private static let requestSizes = [27_182, 8, 1828, 45_904]
  private static let responseSizes = [31_415, 9, 2653, 58_979]

  /// Several requests, one response.
  func clientStreaming() async throws {
    let call = try await client.streamingInputCall(options: options())
    for size in Self.requestSizes {
      try await call.send(GrpcTesting.StreamingInputCallRequest(payload: payload(size)))
    }
    let response = try await call.finish()
    let total = Int32(Self.requestSizes.reduce(0, +))
    try require("the aggregated size", response.aggregatedPayloadSize, is: total)
  }

  /// One request, several responses.
  func serverStreaming() async throws {
    let request = StreamingRequest(responseParameters: Self.responseSizes.map { Parameters(size: Int32($0)) })
    let responses = try await client.streamingOutputCall(request, options: options())
    try await requireSizes(responses, Self.responseSizes)
  }

  /// A response for each request before the next.
  func pingPong() async throws {
    let call = try await client.fullDuplexCall(options: options())
    var responses = call.responses.makeAsyncIterator()
    for (requestSize, responseSize) in zip(Self.requestSizes, Self.responseSizes) {
      try await call.send(request(requestSize, answer: responseSize))
      let response = try await responses.next()
      try require("the payload", response?.payload, isZeros: responseSize)
    }
    call.finishSending()
    guard try await responses.next() == nil else { throw CaseFailure("there is a response too many") }
  }

  /// No message in either direction.
  func emptyStream() async throws {
    let call = try await client.fullDuplexCall(options: options())
    call.finishSending()
    try await requireSizes(call.responses, [])
  }

  /// All requests before the first response.
  func halfDuplex() async throws {
    let call = try await client.halfDuplexCall(options: options())
    for (requestSize, responseSize) in zip(Self.requestSizes, Self.responseSizes) {
      try await call.send(request(requestSize, answer: responseSize))
    }
    call.finishSending()
    try await requireSizes(call.responses, Self.responseSizes)
  }

  /// A streaming request that asks for one response.
  func request(_ bytes: Int, answer: Int) -> StreamingRequest {
    StreamingRequest(responseParameters: [Parameters(size: Int32(answer))], payload: payload(bytes))
  }

  /// Reads all responses, whose payloads must have these sizes in bytes.
  func requireSizes(
    _ responses: ResponseStream<GrpcTesting.StreamingOutputCallResponse>,
    _ sizes: [Int]
  ) async throws {
    var received: [Int] = []
    for try await response in responses { received.append(response.payload?.body.count ?? 0) }
    try require("the list of response sizes", received, is: sizes)
  }
}
