public import CommonProto

extension FeedbackV1.FeedbackEvent: FollowedEvent {}
extension FeedbackV1.SubscribeResponse: FollowedEvents {}
extension FeedbackV1.SubscribeRequest: EventSubscription {}
