import RPC
import ServiceKit

/// Why the service refuses a call, beside the reasons of every service and those of fields.
enum FeedbackReason: String, ErrorReason {
  static let domain = "feedback.patron"

  /// There is no such feedback.
  case feedbackNotFound = "FEEDBACK_NOT_FOUND"
  /// The feedback is closed, which is final.
  case feedbackResolved = "FEEDBACK_RESOLVED"
  /// Another call changed the feedback meanwhile.
  case etagMismatch = "ETAG_MISMATCH"

  var code: StatusCode {
    switch self {
    case .feedbackNotFound: .notFound
    case .feedbackResolved: .failedPrecondition
    case .etagMismatch: .aborted
    }
  }

  var sentence: String {
    switch self {
    case .feedbackNotFound: "There is no such feedback."
    case .feedbackResolved: "The feedback is closed already."
    case .etagMismatch: "Somebody else changed the feedback meanwhile; read it again and repeat the change."
    }
  }
}
