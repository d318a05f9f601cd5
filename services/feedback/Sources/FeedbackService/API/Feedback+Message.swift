import Basics
import CommonProto
import FeedbackProto
import Foundation
import Messages
import ServiceKit

extension Feedback {
  /// The feedback as a message of the API.
  var message: FeedbackV1.Feedback {
    FeedbackV1.Feedback(
      feedbackID: id.text,
      memberID: submission.memberID?.text ?? "",
      storeID: submission.storeID ?? "",
      receiptNumber: submission.receiptNumber ?? "",
      category: FeedbackV1.FeedbackCategory(rawValue: Int32(submission.category.rawValue)),
      text: submission.text,
      status: FeedbackV1.FeedbackStatus(rawValue: Int32(status.rawValue)),
      assignee: assignee ?? "",
      resolution: resolution ?? "",
      submittedAt: GoogleProtobuf.Timestamp(date: submittedAt),
      updatedAt: GoogleProtobuf.Timestamp(date: updatedAt),
      resolvedAt: resolvedAt.map { GoogleProtobuf.Timestamp(date: $0) },
      etag: etag
    )
  }
}

extension WatchFilter {
  /// Returns whether the filter admits feedback from an event.
  func admits(_ feedback: FeedbackV1.Feedback) -> Bool {
    guard let category = FeedbackCategory(rawValue: Int16(truncatingIfNeeded: feedback.category.rawValue)) else {
      return false
    }
    return admits(
      Submission(
        memberID: UUID(uuidString: feedback.memberID),
        storeID: feedback.storeID.isEmpty ? nil : feedback.storeID,
        receiptNumber: nil,
        category: category,
        text: ""
      )
    )
  }
}
