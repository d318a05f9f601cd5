import RPC
import TestAPI

/// The server does not do what a case demands.
struct CaseFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// - Throws: ``CaseFailure`` unless both are the same.
func require<Value: Equatable>(_ what: String, _ value: Value, is expected: Value) throws {
  guard value == expected else { throw CaseFailure("\(what) is \(value), not \(expected)") }
}

/// - Throws: ``CaseFailure`` unless the payload has this number of zeros.
func require(_ what: String, _ payload: GrpcTesting.Payload?, isZeros count: Int) throws {
  try require("the size of \(what)", payload?.body.count ?? 0, is: count)
  guard payload?.body.allSatisfy({ $0 == 0 }) ?? true else { throw CaseFailure("\(what) is not all zeros") }
}

/// The status that `body` fails with.
///
/// - Throws: ``CaseFailure`` when it does not fail, or with another status.
@discardableResult
func requireStatus<Result>(_ code: StatusCode, _ body: () async throws -> Result) async throws -> RPCError {
  do {
    _ = try await body()
  } catch let error as RPCError {
    guard error.code == code else { throw CaseFailure("the status is \(error), not \(code)") }
    return error
  }
  throw CaseFailure("the status is OK, not \(code)")
}
