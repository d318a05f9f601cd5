import Foundation

/// One piece of feedback as it is kept.
struct Feedback: Sendable, Hashable {
  /// UUIDv7, minted when it was given.
  let id: UUID
  let submission: Submission
  private var lifecycle: FeedbackLifecycle
  /// Who handles it; nil while nobody does.
  private(set) var assignee: String?
  /// Why it was closed; nil while it is not.
  private(set) var resolution: String?
  let submittedAt: Date
  private(set) var updatedAt: Date
  private(set) var resolvedAt: Date?
  /// Counts the changes, from 1.
  private(set) var version: Int64

  /// Feedback as it is given.
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

  /// Feedback from where it had been stored.
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

  /// Where it is in its life.
  var status: FeedbackStatus { lifecycle.status }

  /// Names this version of it. Opaque to callers.
  var etag: String { "v\(version)" }

  /// Handles it and says what changed. `etag` is the version that the caller has read; nil to change it whatever it is.
  ///
  /// A closed life is refused before a wrong etag: no newer etag would help.
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

/// What feedback is about. The numbers are those of `patron.feedback.v1.FeedbackCategory` and of the table.
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

/// Where feedback is in its life. The numbers are those of `patron.feedback.v1.FeedbackStatus` and of the table.
enum FeedbackStatus: Int16, Sendable, Hashable, CaseIterable {
  /// Nobody has it yet.
  case open = 1
  /// Somebody handles it.
  case assigned = 2
  /// Closed.
  case resolved = 3
}

/// What somebody does with feedback.
enum Handling: Sendable, Hashable {
  /// Gives it to somebody.
  case assign(to: String)
  /// Closes it, saying why.
  case resolve(because: String)
}

/// Why nothing can be done with feedback.
enum HandlingRefusal: Error, Sendable, Hashable {
  /// Somebody else changed it since the caller read it.
  case etagMismatch
  /// It is closed.
  case resolved
}

/// What a member said, and about what. Never changes.
struct Submission: Sendable, Hashable {
  /// Nil if it was given without a name.
  var memberID: UUID?
  /// Nil if it is about no store.
  var storeID: String?
  /// Nil if it is about no receipt; given only together with the store, in which it is unique.
  var receiptNumber: String?
  var category: FeedbackCategory
  /// The member's own words.
  var text: String
}
