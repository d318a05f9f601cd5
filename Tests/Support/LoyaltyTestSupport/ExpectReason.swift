public import RPC
import ServiceKit
public import Testing

/// Expects a call to be refused for a reason, and returns the refusal.
@discardableResult
public func expectReason<Result>(
  _ reason: String,
  sourceLocation: SourceLocation = #_sourceLocation,
  _ call: () async throws -> Result
) async -> RPCError? {
  do {
    _ = try await call()
    Issue.record("the call was not refused", sourceLocation: sourceLocation)
    return nil
  } catch let error as RPCError {
    #expect(error.info?.reason == reason, "\(error)", sourceLocation: sourceLocation)
    return error
  } catch {
    Issue.record(error, sourceLocation: sourceLocation)
    return nil
  }
}

extension RPCError {
  /// The fields that were refused.
  public var fieldViolations: [BadRequest.FieldViolation] {
    details.flatMap { detail in
      guard case .badRequest(let badRequest) = detail else { return [] as [BadRequest.FieldViolation] }
      return badRequest.fieldViolations
    }
  }
}
