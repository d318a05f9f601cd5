import Messages
import PatronAPI
import Postgres
import RPC
import ServiceKit

extension FeedbackAPI {
  func watchFeedback(
    _ request: FeedbackV1.WatchFeedbackRequest,
    responses: ResponseWriter<FeedbackV1.WatchFeedbackResponse>,
    context: ServerContext
  ) async throws {
    var fields = FieldChecks(domain: FeedbackReason.domain)
    let filter = WatchFilter(
      storeID: fields.optionalIdentifier("store_id", request.storeID, .store),
      category: fields.optionalCategory("category", request.category),
      memberID: fields.optionalUUID("member_id", request.memberID)
    )
    try fields.throwIfAny()

    let start: EventStart = request.cursor.isEmpty ? .now : .after(request.cursor)
    try await events.serve(from: start, context: context) { batch in
      var changes = try batch.events.compactMap { try change($0, of: filter) }
      // The last response of a batch contains the cursor, so that the next watch does not repeat uninteresting events.
      // Without a change it shows that the stream is alive.
      var last = changes.popLast() ?? FeedbackV1.WatchFeedbackResponse()
      last.cursor = batch.cursor
      for change in changes { try await responses.write(change) }
      try await responses.write(last)
    }
  }

  /// Makes a watcher's change from an event. Returns nil if the filter does not admit it.
  private func change(
    _ stored: StoredEvent,
    of filter: WatchFilter
  ) throws -> FeedbackV1.WatchFeedbackResponse? {
    guard case .feedbackChanged(let changed) = try stored.message(FeedbackV1.FeedbackEvent.self).kind,
      let feedback = changed.feedback, filter.admits(feedback)
    else { return nil }
    return FeedbackV1.WatchFeedbackResponse(change: changed.change, feedback: feedback, cursor: stored.cursor)
  }

  func subscribe(
    _ request: FeedbackV1.SubscribeRequest,
    responses: ResponseWriter<FeedbackV1.SubscribeResponse>,
    context: ServerContext
  ) async throws {
    try await events.serve(from: .after(request.cursor), context: context) { batch in
      try await responses.write(
        FeedbackV1.SubscribeResponse(events: try batch.messages(), cursor: batch.cursor, hasMore: batch.hasMore)
      )
    }
  }

  /// Writes an event of feedback into the log, in the transaction of the change.
  func announce(_ change: FeedbackChange, of feedback: Feedback, in transaction: Transaction) async throws {
    let id = ids.next()
    let changed = FeedbackV1.FeedbackChanged(
      change: FeedbackV1.FeedbackChange(rawValue: Int32(change.rawValue)),
      feedback: feedback.message
    )
    let event = FeedbackV1.FeedbackEvent(
      eventID: id.text,
      recordedAt: GoogleProtobuf.Timestamp(date: feedback.updatedAt),
      kind: .feedbackChanged(changed)
    )
    try await events.append(event, id: id, type: "feedback_changed", key: feedback.id.text, in: transaction)
  }
}
