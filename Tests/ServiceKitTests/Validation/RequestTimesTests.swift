import Basics
import CommonProto
import Foundation
import LoyaltyProto
import Messages
import RPC
import Testing

@testable import ServiceKit

@Suite("Ids and times of requests")
struct RequestTimesTests {
  private static let now: Int64 = 1_767_225_600_000_000
  private let times = RequestTimes(clock: .fixed(unixMicroseconds: now))

  private func reasons(_ check: (inout FieldChecks) -> Void) -> [String] {
    var fields = FieldChecks(domain: "test.patron")
    check(&fields)
    return fields.violations.map(\.reason)
  }

  private func id(at microseconds: Int64) -> UUID {
    UUIDv7Generator(clock: .fixed(unixMicroseconds: microseconds), random: .seeded(1)).next()
  }

  @Test("A request id that is dated further ahead than clocks may be is refused, to the millisecond")
  func ahead() {
    #expect(reasons { _ = $0.requestID(id(at: Self.now + 300_000_000).text, times) } == [])
    #expect(reasons { _ = $0.requestID(id(at: Self.now + 300_001_000).text, times) } == ["REQUEST_ID_IN_FUTURE"])
    #expect(reasons { _ = $0.requestID("ffffffff-ffff-7fff-bfff-ffffffffffff", times) } == ["REQUEST_ID_IN_FUTURE"])
    #expect(reasons { _ = $0.requestID(UUID().text, times) } == ["NOT_UUIDV7"])
  }

  @Test("A request id from before all stored ones is refused, unless a field is wrong")
  func tooOld() throws {
    let oldest = times.oldestRequest
    var fields = FieldChecks(domain: "test.patron")
    _ = fields.requestID(id(at: oldest).text, times)
    try fields.throwIfAny()
    _ = fields.requestID(id(at: oldest - 1_000).text, times)
    #expect(fields.violations.isEmpty)
    let old = #expect(throws: RPCError.self) { try fields.throwIfAny() }
    #expect(old?.code == .failedPrecondition && old?.info?.reason == "REQUEST_TOO_OLD")
    #expect(old?.info?.domain == "test.patron")
    fields.refuse("name", reason: .required, "fill this field in")
    #expect(#expect(throws: RPCError.self) { try fields.throwIfAny() }?.code == .invalidArgument)
  }

  @Test("An id in capitals is the same id, and requests that differ only in that are the same request")
  func capitals() throws {
    var fields = FieldChecks(domain: "test.patron")
    let id = id(at: Self.now)
    #expect(fields.requestID(id.text.uppercased(), times) == id)
    let small = LoyaltyV1.DebitRequest(requestID: id.text, memberID: UUID(high: 0xABCD, low: 0xEF).text, amount: 36)
    var capital = small
    capital.requestID = small.requestID.uppercased()
    capital.memberID = small.memberID.uppercased()
    #expect(try PayloadDigest(of: small) == PayloadDigest(of: capital))
    capital.amount = 37
    #expect(try PayloadDigest(of: small) != PayloadDigest(of: capital))
  }

  @Test("Text that only looks like an id keeps its capitals apart")
  func lookalikes() throws {
    func digest(_ reason: String) throws -> PayloadDigest {
      try PayloadDigest(of: LoyaltyV1.AdjustRequest(reason: reason))
    }
    #expect(try digest("ABC") != digest("abc"))
    #expect(try digest("$0190A5B0-7C1E-7000-8000-0123456789A") != digest("$0190a5b0-7c1e-7000-8000-0123456789a"))
    #expect(try digest("0190A5B0-7C1E-7000-8000-0123456789AB ") != digest("0190a5b0-7c1e-7000-8000-0123456789ab "))
  }

  @Test("The id of zeros is no id, wherever an id is asked for")
  func zero() {
    let zero = UUID.zero.text
    #expect(reasons { _ = $0.uuid("f", zero) } == ["NIL_UUID"])
    #expect(reasons { _ = $0.optionalUUID("f", zero) } == ["NIL_UUID"])
    #expect(reasons { _ = $0.uuidV7("f", zero) } == ["NOT_UUIDV7"])
    #expect(reasons { _ = $0.requestID(zero, times) } == ["NOT_UUIDV7"])
  }

  @Test("A sale may have happened until a little ahead and since a named time ago, to the microsecond")
  func sales() {
    func reasons(_ microseconds: Int64) -> [String] {
      self.reasons { _ = $0.occurredAt("f", GoogleProtobuf.Timestamp(unixMicroseconds: microseconds), times) }
    }
    let age: Int64 = 400 * 86_400_000_000
    #expect(reasons(Self.now + 300_000_000) == [])
    #expect(reasons(Self.now + 300_000_001) == ["IN_FUTURE"])
    #expect(reasons(Self.now - age) == [])
    #expect(reasons(Self.now - age - 1) == ["TOO_OLD"])
    #expect(reasons(-62_135_596_800_000_000) == ["TOO_OLD"])
    #expect(reasons(-62_135_596_800_000_001) == ["NOT_TIMESTAMP"])
  }

  @Test("Spans of time that are none are refused, and so are those out of range")
  func durations() {
    func reasons(_ seconds: Int64, _ nanos: Int32) -> [String] {
      self.reasons {
        _ = $0.duration("f", GoogleProtobuf.Duration(seconds: seconds, nanos: nanos), .seconds(1) ... .seconds(60))
      }
    }
    #expect(reasons(60, 0) == [])
    #expect(reasons(60, 1) == ["OUT_OF_RANGE"])
    #expect(reasons(0, 999_999_999) == ["OUT_OF_RANGE"])
    #expect(reasons(2, -1) == ["NOT_DURATION"])
    #expect(reasons(2, 1_000_000_000) == ["NOT_DURATION"])
    #expect(reasons(.max, 0) == ["NOT_DURATION"])
    #expect(reasons(.min, .min) == ["NOT_DURATION"])
  }
}
