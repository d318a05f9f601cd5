import Messages
import PatronAPI
import Postgres
import RPC
import ServiceKit

extension MembersFace {
  func subscribe(
    _ request: MembersV1.SubscribeRequest,
    responses: ResponseWriter<MembersV1.SubscribeResponse>,
    context: ServerContext
  ) async throws {
    try await events.serve(from: .after(request.cursor), context: context) { batch in
      let events = try batch.events.map { stored in
        var event = try stored.message(MembersV1.MemberEvent.self)
        event.cursor = stored.cursor
        return event
      }
      try await responses.write(MembersV1.SubscribeResponse(events: events, cursor: batch.cursor))
    }
  }

  /// Writes an event of a member into the log, in the transaction that makes it true.
  func announce(
    _ kind: MembersV1.MemberEvent.OneOfKind,
    of member: Member,
    in transaction: Transaction
  ) async throws {
    let id = ids.next()
    let event = MembersV1.MemberEvent(
      eventId: id.text,
      recordedAt: GoogleProtobuf.Timestamp(date: member.updatedAt),
      kind: kind
    )
    try await events.append(event, id: id, type: kind.type, key: member.id.text, in: transaction)
  }
}

extension MembersV1.MemberEvent.OneOfKind {
  /// The event's name in the log.
  fileprivate var type: String {
    switch self {
    case .memberRegistered: "member_registered"
    case .memberUpdated: "member_updated"
    }
  }
}
