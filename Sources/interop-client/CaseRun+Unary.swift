import RPC
import TestAPI

extension CaseRun {
  /// Messages without a byte.
  func emptyUnary() async throws {
    try require(
      "the answer",
      try await client.emptyCall(GrpcTesting.Empty(), options: options()),
      is: GrpcTesting.Empty()
    )
  }

  /// Messages larger than a flow-control window.
  func largeUnary() async throws {
    let response = try await client.unaryCall(largeRequest, options: options())
    try require("the payload", response.payload, isZeros: Self.largeResponseBytes)
  }

  /// The cacheable call, twice with the same request. gRPC over HTTP/2 knows no GET, so no cache can answer: that both
  /// calls succeed is all there is to check.
  func cacheableUnary() async throws {
    let request = GrpcTesting.SimpleRequest(payload: GrpcTesting.Payload(body: Array("\(ContinuousClock.now)".utf8)))
    // Some proxies cache nothing for local addresses.
    let options = options { $0.metadata.add("x-user-ip", "1.2.3.4") }
    for _ in 0..<2 { _ = try await client.cacheableUnaryCall(request, options: options) }
  }
}
