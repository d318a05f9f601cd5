import AppProto
import Basics
import PosProto
import RPC
import ServiceKit

@testable import GatewayService

/// A gateway on the shared suite, with channels that can lose messages, and a till and an app that call it over a real
/// socket.
struct TestGateway: Sendable {
  let suite: TestSuite
  let members: FaultyChannel
  let loyalty: FaultyChannel
  let campaigns: FaultyChannel
  let feedback: FaultyChannel
  let pos: PosV1.PosServiceClient
  let app: AppV1.AppServiceClient
  let ids = UUIDv7Generator()

  private let server: Server
  private let channel: Channel

  init(clock: WallClock = .system) async throws {
    suite = try await TestSuite.shared()
    members = FaultyChannel(try TestSuite.channel(suite.addresses["members"]))
    loyalty = FaultyChannel(try TestSuite.channel(suite.addresses["loyalty"]))
    campaigns = FaultyChannel(try TestSuite.channel(suite.addresses["campaigns"]))
    feedback = FaultyChannel(try TestSuite.channel(suite.addresses["feedback"]))
    let channels = UpstreamChannels(members: members, loyalty: loyalty, campaigns: campaigns, feedback: feedback)
    let upstreams = Upstreams(channels)
    let requestTimes = RequestTimes(.forTesting(), clock: clock)
    let (server, address) = try await TestSuite.serve(
      "gateway",
      [
        PosAPI(upstreams: upstreams, clock: clock, limits: CallLimits(), requestTimes: requestTimes),
        AppAPI(upstreams: upstreams, requestTimes: requestTimes),
      ]
    )
    self.server = server
    channel = try TestSuite.channel(address)
    pos = PosV1.PosServiceClient(channel)
    app = AppV1.AppServiceClient(channel)
  }

  /// Returns the channel to the named service.
  func channel(to service: String) -> FaultyChannel {
    switch service {
    case "members": members
    case "loyalty": loyalty
    case "campaigns": campaigns
    default: feedback
    }
  }

  /// Makes a new ID.
  func id() -> String { ids.next().text }
}
