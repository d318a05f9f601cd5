import RPC
import TestAPI

// Whether a response was compressed shows by its size on the wire: zeros get far smaller, and nothing else does.

extension CaseRun {
  private static let yes = GrpcTesting.BoolValue(value: true)
  private static let no = GrpcTesting.BoolValue(value: false)

  /// A server that expects a compressed request refuses another.
  func clientCompressedUnary() async throws {
    var request = largeRequest
    request.expectCompressed = Self.yes
    try await requireStatus(.invalidArgument) {
      try await client.unaryCall(request, options: options { $0.compression = .identity })
    }
    let compressed = try await client.unaryCall(request, options: options { $0.compression = .gzip })
    try require("the payload", compressed.payload, isZeros: Self.largeResponseBytes)
    request.expectCompressed = Self.no
    let plain = try await client.unaryCall(request, options: options { $0.compression = .identity })
    try require("the payload", plain.payload, isZeros: Self.largeResponseBytes)
  }

  /// The server compresses when it is asked to, and only then.
  func serverCompressedUnary() async throws {
    for isCompressed in [true, false] {
      var request = largeRequest
      request.responseCompressed = GrpcTesting.BoolValue(value: isCompressed)
      let record = CallRecord()
      let response = try await client.unaryCall(request, options: options { $0.observers = [record] })
      try require("the payload", response.payload, isZeros: Self.largeResponseBytes)
      try require(
        "whether the response was compressed",
        record.receivedMessageBytes < Self.largeResponseBytes,
        is: isCompressed
      )
    }
  }

  /// The client compresses one message of a stream and not the next.
  func clientCompressedStreaming() async throws {
    let probe = try await client.streamingInputCall(options: options { $0.compression = .identity })
    try await requireStatus(.invalidArgument) {
      try await probe.send(GrpcTesting.StreamingInputCallRequest(payload: payload(27_182), expectCompressed: Self.yes))
      return try await probe.finish()
    }
    let call = try await client.streamingInputCall(options: options { $0.compression = .gzip })
    try await call.send(GrpcTesting.StreamingInputCallRequest(payload: payload(27_182), expectCompressed: Self.yes))
    try await call.send(
      GrpcTesting.StreamingInputCallRequest(payload: payload(45_904), expectCompressed: Self.no),
      allowsCompression: false
    )
    try require("the aggregated size", try await call.finish().aggregatedPayloadSize, is: 73_086)
  }

  /// The server compresses one message of a stream and not the next.
  func serverCompressedStreaming() async throws {
    let (first, second) = (31_415, 92_653)
    let request = StreamingRequest(
      responseParameters: [
        Parameters(size: Int32(first), compressed: Self.yes), Parameters(size: Int32(second), compressed: Self.no),
      ]
    )
    let record = CallRecord()
    let responses = try await client.streamingOutputCall(request, options: options { $0.observers = [record] })
    try await requireSizes(responses, [first, second])
    let bytes = record.receivedMessageBytes
    guard bytes >= second, bytes < first + second else {
      throw CaseFailure("the responses were \(bytes) bytes: not the first alone was compressed")
    }
  }
}
