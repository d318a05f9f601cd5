import Foundation

/// One piece of feedback as stored.
struct Feedback: Sendable, Hashable {
  /// UUIDv7, minted when it was given.
  let id: UUID
  let submission: Submission
  private var lifecycle: FeedbackLifecycle
  /// Who handles it, nil while nobody does.
  private(set) var assignee: String?
  /// Why it was closed, nil while it is open.
  private(set) var resolution: String?
  let submittedAt: Date
  private(set) var updatedAt: Date
  private(set) var resolvedAt: Date?
  /// The number of changes, from 1.
  private(set) var version: Int64

  /// Makes new feedback.
  init(submitting submission: Submission, id: UUID, at time: Date) {
    self.init(
      id: id,
      submission: submission,
      status: .open,
      assignee: nil,
      resolution: nil,
      submittedAt: time,
      updatedAt: time,
      resolvedAt: nil,
      version: 1
    )
  }

  /// Makes feedback from its stored fields.
  init(
    id: UUID,
    submission: Submission,
    status: FeedbackStatus,
    assignee: String?,
    resolution: String?,
    submittedAt: Date,
    updatedAt: Date,
    resolvedAt: Date?,
    version: Int64
  ) {
    self.id = id
    self.submission = submission
    self.lifecycle = FeedbackLifecycle(status)
    self.assignee = assignee
    self.resolution = resolution
    self.submittedAt = submittedAt
    self.updatedAt = updatedAt
    self.resolvedAt = resolvedAt
    self.version = version
  }

  /// The stage in its life.
  var status: FeedbackStatus { lifecycle.status }

  /// The version of the record as an opaque tag.
  var etag: String { "v\(version)" }

  /// Handles the feedback and returns the change. `etag` is the version that the caller has read; nil accepts any
  /// version.
  ///
  /// Closed feedback is refused before a wrong etag is, because no newer etag would help.
  mutating func handle(
    _ handling: Handling,
    etag: String?,
    at time: Date
  ) throws(HandlingRefusal) -> FeedbackChange {
    var next = lifecycle
    guard case .record(let change) = next.take(handling.step) else { throw .resolved }
    if let etag, etag != self.etag { throw .etagMismatch }
    lifecycle = next
    updatedAt = max(updatedAt, time)
    version += 1
    switch handling {
    case .assign(let assignee): self.assignee = assignee
    case .resolve(let reason):
      resolution = reason
      resolvedAt = updatedAt
    }
    return change
  }
}

extension Handling {
  fileprivate var step: FeedbackLifecycle.Step {
    switch self {
    case .assign: .assign
    case .resolve: .resolve
    }
  }
}

/// The subject of feedback. The numbers are those of `patron.feedback.v1.FeedbackCategory` and of the table.
enum FeedbackCategory: Int16, Sendable, Hashable, CaseIterable {
  /// The goods.
  case productQuality = 1
  /// The staff.
  case service = 2
  /// The store.
  case hygiene = 3
  /// Prices, receipts, points, coupons.
  case billing = 4
  /// Praise and ideas.
  case suggestion = 5
  /// Anything else.
  case other = 6
}

/// The stage of feedback. The numbers are those of `patron.feedback.v1.FeedbackStatus` and of the table.
enum FeedbackStatus: Int16, Sendable, Hashable, CaseIterable {
  /// Nobody handles it.
  case open = 1
  /// Somebody handles it.
  case assigned = 2
  /// Closed.
  case resolved = 3
}

/// An action of staff on feedback.
enum Handling: Sendable, Hashable {
  /// Assigns it to somebody.
  case assign(to: String)
  /// Closes it with a reason.
  case resolve(because: String)
}

/// Why an action on feedback is refused.
enum HandlingRefusal: Error, Sendable, Hashable {
  /// Another call changed it since the caller read it.
  case etagMismatch
  /// It is closed.
  case resolved
}

/// A member's words and their subject. Never changes.
struct Submission: Sendable, Hashable {
  /// The member, nil for anonymous feedback.
  var memberID: UUID?
  /// The store, nil if there is none.
  var storeID: String?
  /// The receipt's number, nil if there is none. Set only with the store in which it is unique.
  var receiptNumber: String?
  var category: FeedbackCategory
  /// The member's own words.
  var text: String
}
