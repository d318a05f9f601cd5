/// The cases of grpc/grpc doc/interop-test-descriptions.md that need no Google account, under their names there.
enum TestCase: String, CaseIterable {
  case emptyUnary = "empty_unary"
  case cacheableUnary = "cacheable_unary"
  case largeUnary = "large_unary"
  case clientCompressedUnary = "client_compressed_unary"
  case serverCompressedUnary = "server_compressed_unary"
  case clientStreaming = "client_streaming"
  case clientCompressedStreaming = "client_compressed_streaming"
  case serverStreaming = "server_streaming"
  case serverCompressedStreaming = "server_compressed_streaming"
  case pingPong = "ping_pong"
  case emptyStream = "empty_stream"
  case halfDuplex = "half_duplex"
  case customMetadata = "custom_metadata"
  case statusCodeAndMessage = "status_code_and_message"
  case specialStatusMessage = "special_status_message"
  case unimplementedMethod = "unimplemented_method"
  case unimplementedService = "unimplemented_service"
  case cancelAfterBegin = "cancel_after_begin"
  case cancelAfterFirstResponse = "cancel_after_first_response"
  case timeoutOnSleepingServer = "timeout_on_sleeping_server"
  case rpcSoak = "rpc_soak"
  case channelSoak = "channel_soak"

  /// - Throws: ``CaseFailure`` when the server's behaviour is wrong, or whatever a call failed with.
  func run(on run: CaseRun) async throws {
    switch self {
    case .emptyUnary: try await run.emptyUnary()
    case .cacheableUnary: try await run.cacheableUnary()
    case .largeUnary: try await run.largeUnary()
    case .clientCompressedUnary: try await run.clientCompressedUnary()
    case .serverCompressedUnary: try await run.serverCompressedUnary()
    case .clientStreaming: try await run.clientStreaming()
    case .clientCompressedStreaming: try await run.clientCompressedStreaming()
    case .serverStreaming: try await run.serverStreaming()
    case .serverCompressedStreaming: try await run.serverCompressedStreaming()
    case .pingPong: try await run.pingPong()
    case .emptyStream: try await run.emptyStream()
    case .halfDuplex: try await run.halfDuplex()
    case .customMetadata: try await run.customMetadata()
    case .statusCodeAndMessage: try await run.statusCodeAndMessage()
    case .specialStatusMessage: try await run.specialStatusMessage()
    case .unimplementedMethod: try await run.unimplementedMethod()
    case .unimplementedService: try await run.unimplementedService()
    case .cancelAfterBegin: try await run.cancelAfterBegin()
    case .cancelAfterFirstResponse: try await run.cancelAfterFirstResponse()
    case .timeoutOnSleepingServer: try await run.timeoutOnSleepingServer()
    case .rpcSoak: try await run.rpcSoak()
    case .channelSoak: try await run.channelSoak()
    }
  }
}
