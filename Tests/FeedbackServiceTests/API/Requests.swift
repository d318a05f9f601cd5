import Basics
import FeedbackProto
import Foundation
import RPC
import ServiceKit
import Testing

/// Makes an ID as callers do.
func newRequestID() -> String { UUIDv7Generator().next().text }

extension FeedbackV1.SubmitFeedbackRequest {
  /// Makes a request with a new ID. `change` sets the rest.
  static func new(_ change: (inout Self) -> Void = { _ in }) -> Self {
    var request = Self(requestID: newRequestID(), category: .service, text: "收银员很热情")
    change(&request)
    return request
  }
}

extension RPCError {
  /// The paths of the fields that were refused.
  var refusedFields: [String] {
    details.flatMap { detail in
      guard case .badRequest(let request) = detail else { return [String]() }
      return request.fieldViolations.map(\.field)
    }
  }
}

/// Makes a call that must fail and returns its error.
func refusal<Response>(_ call: () async throws -> Response) async throws -> RPCError {
  do {
    _ = try await call()
  } catch let error as RPCError {
    return error
  }
  Issue.record("the call succeeded")
  throw CancellationError()
}
