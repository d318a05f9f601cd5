import AppProto
package import CampaignsProto
import LocalSuite
import Logging
package import LoyaltyProto
package import MembersProto
package import PosProto
import RPC

/// Connections to a running suite.
package struct SuiteClients: Sendable {
  package let pos: PosV1.PosServiceClient
  let app: AppV1.AppServiceClient
  package let members: MembersV1.MembersServiceClient
  package let loyalty: LoyaltyV1.LoyaltyServiceClient
  package let campaigns: CampaignsV1.CampaignsServiceClient
  private let channels: [Channel]

  /// - Parameter address: The address of each service by its name, as `host:port` or any form of ``RPC/ChannelTarget``.
  package init(address: (String) -> String) throws {
    func channel(_ service: String) throws -> Channel {
      try Channel(target: address(service), logger: .silent)
    }
    let gateway = try channel("gateway")
    let membersChannel = try channel("members")
    let loyaltyChannel = try channel("loyalty")
    let campaignsChannel = try channel("campaigns")
    pos = PosV1.PosServiceClient(gateway)
    app = AppV1.AppServiceClient(gateway)
    members = MembersV1.MembersServiceClient(membersChannel)
    loyalty = LoyaltyV1.LoyaltyServiceClient(loyaltyChannel)
    campaigns = CampaignsV1.CampaignsServiceClient(campaignsChannel)
    channels = [gateway, membersChannel, loyaltyChannel, campaignsChannel]
  }

  /// Closes all connections.
  package func close() async {
    for channel in channels { await channel.close() }
  }
}
