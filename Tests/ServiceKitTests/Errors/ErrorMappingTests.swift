import Postgres
import RPC
import Testing

@testable import ServiceKit

@Suite("Errors of the database as statuses")
struct ErrorMappingTests {
  private func status(_ error: any Error) async -> RPCError? {
    let context = ServerContext(method: MethodDescriptor(service: "s", name: "m", kind: .unary))
    let interceptor = ErrorMappingInterceptor(domain: "test.patron", logger: .silent)
    do {
      try await interceptor.intercept(context) { throw error }
      return nil
    } catch {
      return error as? RPCError
    }
  }

  @Test("An unknown outcome tells the caller to send the same request id again")
  func outcomeUnknown() async {
    let status = await status(PostgresError(.outcomeUnknown, "lost", mayHaveTakenEffect: true))
    #expect(status?.code == .unavailable && status?.info?.reason == "OUTCOME_UNKNOWN")
    #expect(status?.info?.domain == "test.patron")
    #expect(status?.message.contains("same request id") == true)
    let retries = status?.details.contains { if case .retryInfo = $0 { true } else { false } }
    #expect(retries == true)
  }

  @Test(
    "Each kind of failure has its status and reason",
    arguments: [
      (PostgresError.Kind.connectionFailed, StatusCode.unavailable, "DATABASE_UNAVAILABLE"),
      (.connectionLost, .unavailable, "DATABASE_UNAVAILABLE"), (.poolExhausted, .unavailable, "DATABASE_UNAVAILABLE"),
      (.shutDown, .unavailable, "DATABASE_UNAVAILABLE"),
      (.deadlineExceeded, .deadlineExceeded, "DATABASE_DEADLINE_EXCEEDED"), (.cancelled, .cancelled, "CANCELLED"),
      (.decoding, .internalError, "DATABASE_REFUSED"),
    ]
  )
  func kinds(_ kind: PostgresError.Kind, _ code: StatusCode, _ reason: String) async {
    let status = await status(PostgresError(kind, "value 42 of somebody"))
    #expect(status?.code == code && status?.info?.reason == reason)
    #expect(status?.message.contains("42") == false)
  }

  @Test("What PostgreSQL refuses is mapped by its code and never repeated to the caller")
  func server() async throws {
    try await ServiceDatabase.with { database in
      do {
        try await database.execute("SELECT 1 / 0")
      } catch {
        let status = await status(error)
        #expect(status?.code == .internalError && status?.message.contains("zero") == false)
      }
    }
  }

  @Test("The runtime's wrapping of such an error is seen through; a refusal of the service's own stays as it is")
  func wrapped() async {
    let lost = PostgresError(.connectionFailed, "gone")
    #expect(await status(RPCError(code: .unknown, cause: lost))?.code == .unavailable)
    #expect(await status(RPCError(code: .notFound, cause: lost))?.code == .notFound)
  }
}
