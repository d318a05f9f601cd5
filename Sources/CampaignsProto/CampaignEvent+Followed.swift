public import CommonProto

extension CampaignsV1.CampaignEvent: FollowedEvent {}
extension CampaignsV1.SubscribeResponse: FollowedEvents {}
extension CampaignsV1.SubscribeRequest: EventSubscription {}
