import Foundation
import Postgres

/// Feedback as a row of the table `feedback`.
enum FeedbackRow {
  /// The columns that ``feedback(_:)`` reads, in its order.
  static let columns: SQL = """
    feedback_id, member_id, store_id, receipt_number, category, text, status, assignee, resolution, submitted_at, \
    updated_at, resolved_at, version
    """

  /// Reads a row of ``columns``.
  static func feedback(_ row: Row) throws -> Feedback {
    let (
      id, memberID, storeID, receiptNumber, category, text, status, assignee, resolution, submittedAt, updatedAt,
      resolvedAt, version
    ) = try row.decode(
      UUID.self,
      UUID?.self,
      String?.self,
      String?.self,
      FeedbackCategory.self,
      String.self,
      FeedbackStatus.self,
      String?.self,
      String?.self,
      Date.self,
      Date.self,
      Date?.self,
      Int64.self
    )
    return Feedback(
      id: id,
      submission: Submission(
        memberID: memberID,
        storeID: storeID,
        receiptNumber: receiptNumber,
        category: category,
        text: text
      ),
      status: status,
      assignee: assignee,
      resolution: resolution,
      submittedAt: submittedAt,
      updatedAt: updatedAt,
      resolvedAt: resolvedAt,
      version: version
    )
  }
}

extension FeedbackCategory: PostgresCodable {}
extension FeedbackStatus: PostgresCodable {}
