import CampaignsProto
import FeedbackProto
import Logging
import LoyaltyProto
import MembersProto
import Messages
import RPC
public import ServiceKit

/// Whether the gateway passes on the services' own methods.
public enum BackOffice: String, CaseIterable, SettingValue {
  /// It does not.
  case closed
  /// It does, for whoever reaches it.
  case open
}

extension BackOffice {
  /// The services whose exposed methods are passed on.
  static func services(_ channels: UpstreamChannels) -> [ForwardedService] {
    func service(
      _ descriptor: ServiceDescriptor,
      _ files: FileDescriptors,
      _ types: TypeRegistry,
      _ name: String,
      _ channel: any ClientChannel
    ) -> ForwardedService {
      ForwardedService(descriptor.fullName, files, types, through: channel) { error in
        UpstreamError.passedOn(error, from: name)
      }
    }
    return [
      service(MembersV1.MembersServiceMethods.service, .membersProto, .membersProto, "members", channels.members),
      service(LoyaltyV1.LoyaltyServiceMethods.service, .loyaltyProto, .loyaltyProto, "loyalty", channels.loyalty),
      service(
        CampaignsV1.CampaignsServiceMethods.service,
        .campaignsProto,
        .campaignsProto,
        "campaigns",
        channels.campaigns
      ),
      service(FeedbackV1.FeedbackServiceMethods.service, .feedbackProto, .feedbackProto, "feedback", channels.feedback),
    ]
  }
}
