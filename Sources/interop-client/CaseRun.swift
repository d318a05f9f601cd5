import RPC
import TestAPI

/// What a case may be given.
struct CaseSettings: Sendable {
  var target: ChannelTarget
  var configuration: ChannelConfiguration
  /// How long a single call may take.
  var callTimeout: Duration
  var soak: SoakSettings
}

/// The run of one case on a channel of its own; the cases are in the extensions.
struct CaseRun: Sendable {
  /// The sizes that the descriptions give, in bytes.
  static let largeRequestBytes = 271_828
  static let largeResponseBytes = 314_159

  let settings: CaseSettings
  let channel: RPC.Channel
  let client: GrpcTesting.TestServiceClient

  init(_ settings: CaseSettings) {
    self.settings = settings
    channel = RPC.Channel(target: settings.target, configuration: settings.configuration)
    client = GrpcTesting.TestServiceClient(channel)
  }

  /// What every call is made with, so that nothing hangs.
  func options(_ change: (inout CallOptions) -> Void = { _ in }) -> CallOptions {
    var options = CallOptions(timeout: settings.callTimeout)
    change(&options)
    return options
  }

  /// A payload of zeros.
  func payload(_ bytes: Int) -> GrpcTesting.Payload {
    GrpcTesting.Payload(body: [UInt8](repeating: 0, count: bytes))
  }

  /// The request of `large_unary`.
  var largeRequest: GrpcTesting.SimpleRequest {
    GrpcTesting.SimpleRequest(
      responseSize: Int32(Self.largeResponseBytes),
      payload: payload(Self.largeRequestBytes)
    )
  }
}
