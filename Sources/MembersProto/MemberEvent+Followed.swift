public import CommonProto

extension MembersV1.MemberEvent: FollowedEvent {}
extension MembersV1.SubscribeResponse: FollowedEvents {}
extension MembersV1.SubscribeRequest: EventSubscription {}
