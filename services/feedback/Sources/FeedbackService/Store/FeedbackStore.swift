import Basics
import Foundation
import Postgres

/// The table `feedback`.
struct FeedbackStore: Sendable {
  let database: Database

  /// Returns feedback by ID.
  func find(_ id: UUID) async throws -> Feedback? {
    try await database.query("SELECT \(FeedbackRow.columns) FROM feedback WHERE feedback_id = \(id)")
      .first.map(FeedbackRow.feedback)
  }

  /// The position after which a page begins.
  struct Position: Sendable, Hashable {
    var submittedAt: Instant
    var id: UUID
  }

  /// Returns at most `limit` pieces of feedback, latest first.
  func list(_ filter: FeedbackFilter, after position: Position?, limit: Int) async throws -> [Feedback] {
    var conditions: [SQL] = []
    if let position {
      conditions.append("(submitted_at, feedback_id) < (\(position.submittedAt), \(position.id))")
    }
    // Not a parameter, because only so the planner can use the index of the queue.
    if let status = filter.status { conditions.append("status = \(raw: String(status.rawValue))") }
    if let category = filter.category { conditions.append("category = \(category)") }
    if let storeID = filter.storeID { conditions.append("store_id = \(storeID)") }
    if let memberID = filter.memberID { conditions.append("member_id = \(memberID)") }
    if let assignee = filter.assignee { conditions.append("assignee = \(assignee)") }
    let condition: SQL = conditions.isEmpty ? "true" : conditions.joined(separator: " AND ")
    return try await database.query(
      """
      SELECT \(FeedbackRow.columns) FROM feedback WHERE \(condition)
      ORDER BY submitted_at DESC, feedback_id DESC LIMIT \(Int64(limit))
      """
    ).map(FeedbackRow.feedback)
  }

  /// Inserts new feedback.
  func insert(_ feedback: Feedback, in transaction: Transaction) async throws {
    let submission = feedback.submission
    try await transaction.execute(
      """
      INSERT INTO feedback (\(FeedbackRow.columns))
      VALUES (\(feedback.id), \(submission.memberID), \(submission.storeID), \(submission.receiptNumber),
        \(submission.category), \(submission.text), \(feedback.status), \(feedback.assignee), \(feedback.resolution),
        \(feedback.submittedAt), \(feedback.updatedAt), \(feedback.resolvedAt), \(feedback.version))
      """
    )
  }

  /// Returns feedback and locks it for changing: other transactions that want to change it wait.
  func lock(_ id: UUID, in transaction: Transaction) async throws -> Feedback? {
    try await transaction.query(
      "SELECT \(FeedbackRow.columns) FROM feedback WHERE feedback_id = \(id) FOR NO KEY UPDATE"
    ).first.map(FeedbackRow.feedback)
  }

  /// Updates locked feedback.
  func update(_ feedback: Feedback, in transaction: Transaction) async throws {
    try await transaction.execute(
      """
      UPDATE feedback SET status = \(feedback.status), assignee = \(feedback.assignee),
        resolution = \(feedback.resolution), updated_at = \(feedback.updatedAt),
        resolved_at = \(feedback.resolvedAt), version = \(feedback.version)
      WHERE feedback_id = \(feedback.id)
      """
    )
  }
}
