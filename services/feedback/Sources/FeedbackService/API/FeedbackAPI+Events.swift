import Basics
import CommonProto
public import FeedbackProto
import Messages
import Postgres
import RPC
public import ServiceKit

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

  /// Writes an event of feedback into the log, in the transaction of the change.
  func announce(_ change: FeedbackChange, of feedback: Feedback, in transaction: Transaction) async throws {
    let changed = FeedbackV1.FeedbackChanged(
      change: FeedbackV1.FeedbackChange(rawValue: Int32(change.rawValue)),
      feedback: feedback.message
    )
    let event = FeedbackV1.FeedbackEvent(
      recordedAt: GoogleProtobuf.Timestamp(date: feedback.updatedAt),
      kind: .feedbackChanged(changed)
    )
    try await events.append(event, key: feedback.id.text, in: transaction)
  }
}

extension FeedbackV1.FeedbackEvent.OneOfKind: EventKind {
  /// The kind's name in the log.
  public var type: String {
    switch self {
    case .feedbackChanged: "feedback_changed"
    }
  }
}
