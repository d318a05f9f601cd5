public import CommonProto

extension LoyaltyV1.LoyaltyEvent: FollowedEvent {}
extension LoyaltyV1.SubscribeResponse: FollowedEvents {}
extension LoyaltyV1.SubscribeRequest: EventSubscription {}
