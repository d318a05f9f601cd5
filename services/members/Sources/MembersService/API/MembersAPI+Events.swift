import Messages
import PatronAPI
import Postgres
import RPC
import ServiceKit

extension MembersAPI {
  func subscribe(
    _ request: MembersV1.SubscribeRequest,
    responses: ResponseWriter<MembersV1.SubscribeResponse>,
    context: ServerContext
  ) async throws {
    try await events.serve(from: .after(request.cursor), context: context) { batch in
      try await responses.write(
        MembersV1.SubscribeResponse(events: try batch.messages(), cursor: batch.cursor, hasMore: batch.hasMore)
      )
    }
  }

  /// Writes an event of a member into the log, in the transaction of the change.
  func announce(
    _ kind: MembersV1.MemberEvent.OneOfKind,
    of member: Member,
    in transaction: Transaction
  ) async throws {
    let id = ids.next()
    let event = MembersV1.MemberEvent(
      eventID: id.text,
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
