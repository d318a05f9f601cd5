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
