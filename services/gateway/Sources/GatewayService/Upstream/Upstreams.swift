import CampaignsProto
import FeedbackProto
import LoyaltyProto
import MembersProto
import Messages
import RPC
import ServiceKit

/// The services behind the gateway.
struct Upstreams: Sendable {
  let members: MembersV1.MembersServiceClient
  let loyalty: LoyaltyV1.LoyaltyServiceClient
  let campaigns: CampaignsV1.CampaignsServiceClient
  let feedback: FeedbackV1.FeedbackServiceClient

  init(_ channels: UpstreamChannels) {
    members = MembersV1.MembersServiceClient(channels.members)
    loyalty = LoyaltyV1.LoyaltyServiceClient(channels.loyalty)
    campaigns = CampaignsV1.CampaignsServiceClient(channels.campaigns)
    feedback = FeedbackV1.FeedbackServiceClient(channels.feedback)
  }
}

/// The ways to the services behind the gateway.
struct UpstreamChannels: Sendable {
  let members: any ClientChannel
  let loyalty: any ClientChannel
  let campaigns: any ClientChannel
  let feedback: any ClientChannel
}

extension UpstreamChannels {
  init(_ kit: ServiceResources, _ settings: GatewaySettings) throws {
    members = try kit.channel(
      to: settings.members,
      service: MembersV1.MembersServiceMethods.service.fullName,
      files: .membersProto
    )
    loyalty = try kit.channel(
      to: settings.loyalty,
      service: LoyaltyV1.LoyaltyServiceMethods.service.fullName,
      files: .loyaltyProto
    )
    campaigns = try kit.channel(
      to: settings.campaigns,
      service: CampaignsV1.CampaignsServiceMethods.service.fullName,
      files: .campaignsProto
    )
    feedback = try kit.channel(to: settings.feedback)
  }
}
