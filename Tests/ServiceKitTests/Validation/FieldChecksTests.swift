import Basics
import CommonProto
import Foundation
import Messages
import RPC
import Testing

@testable import ServiceKit

@Suite("Field checks")
struct FieldChecksTests {
  private static let times = RequestTimes(.forTesting(), clock: .system)

  private func error(_ body: (inout FieldChecks) -> Void) -> RPCError? {
    var fields = FieldChecks(domain: "test.patron")
    body(&fields)
    do throws(RPCError) {
      try fields.throwIfAny()
      return nil
    } catch {
      return error
    }
  }

  @Test("Fields that are right are returned and nothing is thrown")
  func right() throws {
    var fields = FieldChecks(domain: "test.patron")
    let id = fields.requestID("017f22e2-79b0-7cc3-98c4-dc0c0c07398f", Self.times)
    #expect(id.version == 7)
    #expect(fields.text("name", "Li 李", 1...10) == "Li 李")
    #expect(fields.number("points", Int64(5), 0...10) == 5)
    #expect(fields.mask("update_mask", ["a"], allowed: ["a", "b"]) == ["a"])
    let moment = GoogleProtobuf.Timestamp(unixMicroseconds: 1_000_000)
    #expect(fields.timestamp("at", moment, latest: Date(timeIntervalSince1970: 2)).timeIntervalSince1970 == 1)
    try fields.throwIfAny()
  }

  @Test("One error names every wrong field with path, reason and what to change")
  func several() throws {
    let error = try #require(
      error { fields in
        _ = fields.text("name", "", 1...3)
        _ = fields.text("note", "abcd", 1...3)
        _ = fields.number("lines[2].quantity", 0, 1...9)
      }
    )
    #expect(error.code == .invalidArgument && error.info?.reason == "INVALID_FIELDS")
    #expect(error.info?.domain == "test.patron")
    let violations = error.details.compactMap { detail -> [BadRequest.FieldViolation]? in
      if case .badRequest(let request) = detail { request.fieldViolations } else { nil }
    }.flatMap(\.self)
    #expect(violations.map(\.field) == ["name", "note", "lines[2].quantity"])
    #expect(violations.map(\.reason) == ["REQUIRED", "TOO_LONG", "OUT_OF_RANGE"])
    #expect(violations[2].description == "give a number from 1 to 9, not 0")
  }

  @Test("A reason that all wrong fields share is the error's reason")
  func sharedReason() {
    let error = error { fields in
      _ = fields.requestID("f81d4fae-7dec-41d0-a765-00a0c91e6bf6", Self.times)
    }
    #expect(error?.info?.reason == "NOT_UUIDV7")
  }

  @Test("Each check refuses with its reason")
  func reasons() {
    func expect(
      _ reason: String,
      sourceLocation: SourceLocation = #_sourceLocation,
      _ check: (inout FieldChecks) -> Void
    ) {
      #expect(error(check)?.info?.reason == reason, sourceLocation: sourceLocation)
    }
    expect("NOT_UUID") { _ = $0.uuid("f", "zzz") }
    expect("REQUIRED") { _ = $0.uuid("f", "") }
    expect("CONTROL_CHARACTER") { _ = $0.text("f", "a\u{0}b", 1...9) }
    expect("TOO_SHORT") { _ = $0.text("f", "a", 2...9) }
    expect("NOT_CURRENCY_CODE") { _ = $0.currency("f", "cny") }
    expect("UNKNOWN_PATH") { _ = $0.mask("f", ["z"], allowed: ["a"]) }
    expect("REQUIRED") { _ = $0.mask("f", nil, allowed: ["a"]) }
    expect("UNKNOWN_VALUE") { _ = $0.choice("f", 9, among: [1, 2]) }
    expect("REQUIRED") { _ = $0.choice("f", 0, among: [1, 2]) }
    expect("TOO_MANY") { $0.count("f", 5, 1...4) }
    expect("NOT_TIMESTAMP") { _ = $0.timestamp("f", GoogleProtobuf.Timestamp(seconds: 1, nanos: -1)) }
    expect("IN_FUTURE") { fields in
      _ = fields.timestamp("f", GoogleProtobuf.Timestamp(seconds: 9), latest: Date(timeIntervalSince1970: 8))
    }
  }
}
