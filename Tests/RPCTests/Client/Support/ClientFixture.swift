import Basics
import Logging
import Messages
import TestAPI
import Testing

@testable import RPC

/// A channel to a scripted server, with a client on it. Pauses between attempts to connect are short.
struct ClientFixture {
  let channel: RPC.Channel
  let client: TestingV1.EchoServiceClient

  init(
    target: String,
    limits: ChannelLimits = .defaults,
    interceptors: [any ClientInterceptor] = [],
    resolver: NameResolver = .system,
    logger: Logger = Logger(label: "rpc.channel"),
    configure: (inout ChannelConfiguration) -> Void = { _ in }
  ) throws {
    var configuration = ChannelConfiguration(limits: limits)
    configuration.backoff.initial = .milliseconds(10)
    configuration.backoff.maximum = .milliseconds(40)
    configure(&configuration)
    channel = RPC.Channel(
      target: try ChannelTarget(parsing: target),
      configuration: configuration,
      interceptors: interceptors,
      logger: logger,
      resolver: resolver,
      random: .system
    )
    client = TestingV1.EchoServiceClient(channel)
  }
}

/// Returns the error of `body`. Records an issue when it throws none or another kind.
func rpcError<Result>(
  _ body: () async throws -> Result,
  sourceLocation: SourceLocation = #_sourceLocation
) async throws -> RPCError {
  var thrown: RPCError?
  do {
    _ = try await body()
    Issue.record("the call succeeded", sourceLocation: sourceLocation)
  } catch let error as RPCError {
    thrown = error
  }
  return try #require(thrown, sourceLocation: sourceLocation)
}

extension TestingV1.EchoResponse {
  static func bytes(_ text: String) throws -> [UInt8] {
    try TestingV1.EchoResponse(text: text).serializedBytes()
  }
}

extension TestingV1.ExpandResponse {
  /// Frames a message with a payload.
  static func frame(_ index: Int32, payloadBytes: Int = 0) throws -> [UInt8] {
    framed(
      try TestingV1.ExpandResponse(index: index, payload: [UInt8](repeating: 7, count: payloadBytes)).serializedBytes()
    )
  }
}
