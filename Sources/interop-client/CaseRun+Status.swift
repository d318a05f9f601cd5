import RPC
import TestAPI

extension CaseRun {
  private static let initialKey = "x-grpc-test-echo-initial"
  private static let initialValue = "test_initial_metadata_value"
  private static let trailingKey = "x-grpc-test-echo-trailing-bin"
  private static let trailingValue: [UInt8] = [0xab, 0xab, 0xab]

  /// The server sends the client's metadata back, text with the headers and bytes with the trailers.
  func customMetadata() async throws {
    func echoing(_ record: CallRecord) -> CallOptions {
      options {
        $0.metadata.add(Self.initialKey, Self.initialValue)
        $0.metadata.add(Self.trailingKey, Self.trailingValue)
        $0.observers = [record]
      }
    }
    let unary = CallRecord()
    _ = try await client.unaryCall(largeRequest, options: echoing(unary))
    try checkMetadata(unary)
    let streaming = CallRecord()
    let call = try await client.fullDuplexCall(options: echoing(streaming))
    try await call.send(request(Self.largeRequestBytes, answer: Self.largeResponseBytes))
    call.finishSending()
    try await requireSizes(call.responses, [Self.largeResponseBytes])
    try checkMetadata(streaming)
  }

  private func checkMetadata(_ record: CallRecord) throws {
    try require(
      Self.initialKey,
      record.headers.values(for: Self.initialKey),
      is: [.string(Self.initialValue)]
    )
    try require(
      Self.trailingKey,
      record.trailers.values(for: Self.trailingKey),
      is: [.binary(Self.trailingValue)]
    )
  }

  /// The status that the request asks for comes back.
  func statusCodeAndMessage() async throws {
    let status = GrpcTesting.EchoStatus(code: Int32(StatusCode.unknown.rawValue), message: "test status message")
    try await checkUnary(status)
    let call = try await client.fullDuplexCall(options: options())
    let error = try await requireStatus(.unknown) {
      try await call.send(StreamingRequest(responseStatus: status))
      call.finishSending()
      for try await _ in call.responses {}
    }
    try require("the message", error.message, is: status.message)
  }

  /// A message that needs percent-encoding.
  func specialStatusMessage() async throws {
    let message = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n"
    try await checkUnary(GrpcTesting.EchoStatus(code: Int32(StatusCode.unknown.rawValue), message: message))
  }

  private func checkUnary(_ status: GrpcTesting.EchoStatus) async throws {
    let error = try await requireStatus(.unknown) {
      try await client.unaryCall(GrpcTesting.SimpleRequest(responseStatus: status), options: options())
    }
    try require("the message", error.message, is: status.message)
  }

  /// A method that the server's service does not have.
  func unimplementedMethod() async throws {
    try await requireStatus(.unimplemented) {
      try await client.unimplementedCall(GrpcTesting.Empty(), options: options())
    }
  }

  /// A service that the server does not have.
  func unimplementedService() async throws {
    let client = GrpcTesting.UnimplementedServiceClient(channel)
    try await requireStatus(.unimplemented) {
      try await client.unimplementedCall(GrpcTesting.Empty(), options: options())
    }
  }
}
