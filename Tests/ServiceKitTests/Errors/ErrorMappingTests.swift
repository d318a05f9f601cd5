import Logging
import Messages
import Postgres
import RPC
import Synchronization
import Testing

@testable import ServiceKit

@Suite("Errors of the database as statuses")
struct ErrorMappingTests {
  private func status(_ error: any Error, logger: Logger = .silent) async -> RPCError? {
    let context = ServerContext(method: MethodDescriptor(service: "s", name: "m", kind: .unary))
    let interceptor = ErrorMappingInterceptor(domain: "test.patron", logger: logger)
    do {
      try await interceptor.intercept(context) { throw error }
      return nil
    } catch {
      return error as? RPCError
    }
  }

  @Test("An unknown outcome asks the caller to send the same request id again")
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

  private struct Marked: LoggableError {
    let description = "the books do not balance"
  }

  private struct Unmarked: Error, CustomStringConvertible {
    let description = "Ada owes 42"
  }

  @Test("What a handler fails with is logged: with its text if that is marked as safe, else as its type")
  func logged() async {
    let text = Mutex("")
    let output = LogOutput { line in text.withLock { $0 += String(decoding: line, as: UTF8.self) } }
    let logger = Logger(label: "test") { _ in
      ServiceLogHandler(label: "test", service: "test", level: .info, format: .human, output: output)
    }
    for error in [Marked(), Unmarked(), MessageError(.tooDeep, "a.B"), CancellationError()] as [any Error] {
      let status = await status(error, logger: logger)
      #expect(status?.message.contains("Ada") == false)
    }
    let lines = text.withLock { $0.split(separator: "\n") }
    #expect(lines.count == 3)
    #expect(lines.first?.contains("ERROR") == true && lines.first?.contains("Marked: the books do not balance") == true)
    #expect(lines.first?.contains("rpc.method=s/m") == true)
    #expect(lines.contains { $0.hasSuffix("error=Unmarked") || $0.contains("error=Unmarked ") })
    #expect(lines.last?.contains("a.B: messages are nested too deeply") == true)
    #expect(!lines.contains { $0.contains("Ada") })
  }

  @Test("The runtime's wrapping of such an error is seen through; a refusal of the service's own stays as it is")
  func wrapped() async {
    let lost = PostgresError(.connectionFailed, "gone")
    #expect(await status(RPCError(code: .unknown, cause: lost))?.code == .unavailable)
    #expect(await status(RPCError(code: .notFound, cause: lost))?.code == .notFound)
  }
}
