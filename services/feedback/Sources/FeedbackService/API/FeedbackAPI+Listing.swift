import FeedbackProto
import RPC
import ServiceKit

extension FeedbackAPI {
  func listFeedback(
    _ request: FeedbackV1.ListFeedbackRequest,
    context: ServerContext
  ) async throws -> FeedbackV1.ListFeedbackResponse {
    var fields = FieldChecks(domain: FeedbackReason.domain)
    let filter = fields.filter(request)
    try fields.throwIfAny()
    let page = try pages.page(request, size: \.pageSize, token: \.pageToken, domain: FeedbackReason.domain)
    let position = try page.position?.timeAndID(domain: FeedbackReason.domain)

    let found = try await store.list(filter, after: position.map(FeedbackStore.Position.init), limit: page.size + 1)
    let messages = found.prefix(page.size).map(\.message)
    let count = pageBytes.count(of: messages.lazy.map(\.textBytes))
    let (shown, nextToken) = page.cut(found, fitting: count) { PagePosition($0.submittedAt, $0.id) }
    return FeedbackV1.ListFeedbackResponse(
      feedback: Array(messages.prefix(shown.count)),
      nextPageToken: nextToken
    )
  }
}

extension FieldChecks {
  fileprivate mutating func filter(_ request: FeedbackV1.ListFeedbackRequest) -> FeedbackFilter {
    FeedbackFilter(
      status: optionalStatus("status", request.status),
      category: optionalCategory("category", request.category),
      storeID: optionalIdentifier("store_id", request.storeID, .store),
      memberID: optionalUUID("member_id", request.memberID),
      assignee: optionalIdentifier("assignee", request.assignee, .assignee)
    )
  }
}

extension FeedbackV1.Feedback {
  /// The size in bytes of the texts that may be long, and an allowance for the rest.
  fileprivate var textBytes: Int { text.utf8.count + resolution.utf8.count + 256 }
}
