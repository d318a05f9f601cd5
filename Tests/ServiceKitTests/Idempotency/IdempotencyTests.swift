import Basics
import Eventually
import Foundation
import LoyaltyProto
import Messages
import Postgres
import RPC
import Testing

@testable import ServiceKit

@Suite("Request ids")
struct IdempotencyTests {
  private let id = UUIDv7Generator(random: .seeded(1)).next()
  private let request = LoyaltyV1.OpenAccountRequest(requestID: "r", memberID: "m")

  private func answer(_ points: Int64) -> LoyaltyV1.OpenAccountResponse {
    LoyaltyV1.OpenAccountResponse(balance: LoyaltyV1.Balance(memberID: "m", points: points))
  }

  @Test("A repetition gets the first answer and changes nothing")
  func repetition() async throws {
    try await ServiceDatabase.with { database in
      let idempotency = Idempotency(database: database, domain: "test.patron")
      let first = try await idempotency.once(id, request) { _ in answer(1) }
      let second = try await idempotency.once(id, request) { _ in
        Issue.record("the mutation ran again")
        return answer(2)
      }
      #expect(try first.serializedBytes() == second.serializedBytes())
    }
  }

  @Test("Another payload under the same id is refused with both digests")
  func reuse() async throws {
    try await ServiceDatabase.with { database in
      let idempotency = Idempotency(database: database, domain: "test.patron")
      _ = try await idempotency.once(id, request) { _ in answer(1) }
      let other = LoyaltyV1.OpenAccountRequest(requestID: "r", memberID: "n")
      let error = await #expect(throws: RPCError.self) { try await idempotency.once(id, other) { _ in answer(2) } }
      #expect(error?.code == .failedPrecondition && error?.info?.reason == "REQUEST_ID_REUSED")
      #expect(error?.info?.metadata["payload_sha256"] != error?.info?.metadata["first_payload_sha256"])
      #expect(error?.info?.domain == "test.patron")
    }
  }

  @Test("Another method under the same id is refused even if its bytes are the same")
  func otherMethod() async throws {
    try await ServiceDatabase.with { database in
      let idempotency = Idempotency(database: database, domain: "test.patron")
      _ = try await idempotency.once(id, LoyaltyV1.GetBalanceRequest()) { _ in answer(1) }
      await #expect(throws: RPCError.self) {
        try await idempotency.once(id, LoyaltyV1.GetProgrammeRequest()) { _ in answer(1) }
      }
    }
  }

  @Test("Answers are stored as long as their requests may be repeated, and removed in batches after that")
  func retention() async throws {
    try await ServiceDatabase.with { database in
      let now: Int64 = 1_767_225_600_000_000
      let times = RequestTimes(clock: .fixed(unixMicroseconds: now))
      func id(at microseconds: Int64) -> UUID {
        UUIDv7Generator(clock: .fixed(unixMicroseconds: microseconds), random: .seeded(1)).next()
      }
      // A day older than the oldest accepted, by any instance's clock.
      let old = times.oldestRequest - 86_400_000_000
      let kept = [id(at: old), id(at: times.oldestRequest), id(at: now)]
      let idempotency = Idempotency(database: database, domain: "test.patron")
      for id in kept { _ = try await idempotency.once(id, request) { _ in answer(1) } }
      try await database.execute(
        """
        INSERT INTO request (request_id, method, payload_digest)
        SELECT (\(UUID(mintedAtUnixMicroseconds: old - 86_400_000_000).text.prefix(24).description)::text
          || lpad(to_hex(number), 12, '0'))::uuid, 'm', sha256('')
        FROM generate_series(1, 2500) AS number
        """
      )
      let retention = RequestRetention(database: database, times: times)
      #expect(try await retention.removeAll() == 2_500)
      #expect(try await retention.removeAll() == 0)
      let left = try await database.query("SELECT request_id FROM request ORDER BY request_id")
      #expect(try left.map { try $0.decode(column: 0, as: UUID.self) } == kept)
    }
  }

  @Test("A refusal is not stored: the repetition runs again")
  func refusal() async throws {
    try await ServiceDatabase.with { database in
      let idempotency = Idempotency(database: database, domain: "test.patron")
      await #expect(throws: RPCError.self) {
        try await idempotency.once(id, request) { _ -> LoyaltyV1.OpenAccountResponse in
          throw CommonReason.conflict.error(domain: "test.patron")
        }
      }
      let anew = try await idempotency.once(id, request) { _ in answer(3) }
      #expect(anew.balance?.points == 3)
    }
  }

  @Test("Repetitions at the same moment wait, and all get the one answer")
  func concurrent() async throws {
    try await ServiceDatabase.with { database in
      try await database.execute("CREATE TABLE run (n int)")
      let idempotency = Idempotency(database: database, domain: "test.patron")
      let answers = try await withThrowingTaskGroup(of: [UInt8].self) { group in
        for number in 0..<6 {
          group.addTask {
            try await idempotency.once(id, request) { transaction in
              try await transaction.execute("INSERT INTO run VALUES (1)")
              return answer(Int64(number))
            }.serializedBytes()
          }
        }
        return try await group.reduce(into: Set()) { $0.insert($1) }
      }
      #expect(answers.count == 1)
      #expect(try await database.query("SELECT count(*) FROM run")[0].decode(column: 0, as: Int64.self) == 1)
    }
  }

  @Test("When the first execution fails, one that waited for it runs")
  func waiterTakesOver() async throws {
    try await ServiceDatabase.with { database in
      let idempotency = Idempotency(database: database, domain: "test.patron")
      let claimed = Gate()
      let fail = Gate()
      let first = Task {
        try await idempotency.once(id, request) { _ -> LoyaltyV1.OpenAccountResponse in
          claimed.open()
          await fail.wait()
          throw CommonReason.conflict.error(domain: "test.patron")
        }
      }
      await claimed.wait()
      let second = Task { try await idempotency.once(id, request) { _ in answer(2) } }
      try await eventually("the second waits for the first") {
        let waiting = try await database.query("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return try waiting[0].decode(column: 0, as: Int64.self) > 0
      }
      fail.open()
      await #expect(throws: RPCError.self) { try await first.value }
      #expect(try await second.value.balance?.points == 2)
    }
  }
}
