import CampaignsProto
import FeedbackProto
import LoyaltyProto
import MembersProto
import RPC
import ServiceKit

/// The services behind the gateway.
struct Upstreams: Sendable {
  let members: MembersV1.MembersServiceClient
  let loyalty: LoyaltyV1.LoyaltyServiceClient
  let campaigns: CampaignsV1.CampaignsServiceClient
  let feedback: FeedbackV1.FeedbackServiceClient

  init(
    members: any ClientChannel,
    loyalty: any ClientChannel,
    campaigns: any ClientChannel,
    feedback: any ClientChannel
  ) {
    self.members = MembersV1.MembersServiceClient(members)
    self.loyalty = LoyaltyV1.LoyaltyServiceClient(loyalty)
    self.campaigns = CampaignsV1.CampaignsServiceClient(campaigns)
    self.feedback = FeedbackV1.FeedbackServiceClient(feedback)
  }

  init(_ kit: ServiceResources, _ settings: GatewaySettings) throws {
    self.init(
      members: try kit.channel(to: settings.members),
      loyalty: try kit.channel(to: settings.loyalty),
      campaigns: try kit.channel(to: settings.campaigns),
      feedback: try kit.channel(to: settings.feedback)
    )
  }
}
