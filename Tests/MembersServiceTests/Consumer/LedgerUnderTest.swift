import Foundation
import Logging
import Messages
import PatronAPI
import RPC
import ServiceKit
import Synchronization

/// A ledger for tests: the real server and the generated service, with an event log in memory. It can be stopped and
/// started again at the same address.
final class LedgerUnderTest: Sendable {
  let service = LedgerInMemory()
  private let path: String
  private let server = Mutex<Server?>(nil)

  init() {
    path = "/tmp/patron-ledger-\(UUID().text.prefix(8)).sock"
  }

  /// Where it is, as a setting says it.
  var address: String { "unix:\(path)" }

  func start() async throws {
    let server = Server(
      configuration: ServerConfiguration(addresses: [.unix(path: path)]),
      services: [service],
      logger: Logger(label: "ledger", factory: { _ in SwiftLogNoOpLogHandler() })
    )
    try await server.start()
    self.server.withLock { $0 = server }
  }

  /// Cuts every connection off.
  func stop() async {
    let server = self.server.withLock { server in
      defer { server = nil }
      return server
    }
    await server?.shutdown(grace: .zero)
    try? FileManager.default.removeItem(atPath: path)
  }
}

/// The ledger's event log in memory. Its cursors count events.
final class LedgerInMemory: LoyaltyV1.LoyaltyService {
  private struct State {
    var events: [LoyaltyV1.LoyaltyEvent] = []
    var subscriptions: [UUID: AsyncStream<Void>.Continuation] = [:]
    var cursorsAskedFor: [String] = []
    var forgetsCursors = false
  }

  private let state = Mutex(State())

  /// The cursors that subscribers came with, in order.
  var cursorsAskedFor: [String] { state.withLock { $0.cursorsAskedFor } }

  /// Makes every later subscription begin at the first event, whatever cursor it comes with: events come again.
  func forgetCursors() { state.withLock { $0.forgetsCursors = true } }

  /// Writes an event and tells the subscribers.
  func append(_ kind: LoyaltyV1.LoyaltyEvent.OneOfKind) {
    let waiting = state.withLock { state in
      let event = LoyaltyV1.LoyaltyEvent(
        cursor: "\(state.events.count + 1)",
        eventId: UUID().text,
        recordedAt: GoogleProtobuf.Timestamp(date: Date()),
        kind: kind
      )
      state.events.append(event)
      return Array(state.subscriptions.values)
    }
    for subscription in waiting { subscription.yield() }
  }

  func subscribe(
    _ request: LoyaltyV1.SubscribeRequest,
    responses: ResponseWriter<LoyaltyV1.SubscribeResponse>,
    context: ServerContext
  ) async throws {
    let id = UUID()
    let (news, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    var next = state.withLock { state in
      state.cursorsAskedFor.append(request.cursor)
      state.subscriptions[id] = continuation
      return state.forgetsCursors ? 0 : Int(request.cursor) ?? 0
    }
    defer { state.withLock { _ = $0.subscriptions.removeValue(forKey: id) } }
    continuation.yield()
    for await _ in news {
      let events = state.withLock { Array($0.events[min(next, $0.events.count)...]) }
      next += events.count
      // Odd sizes, so that runs of events begin and end anywhere; the last one is a sign of life.
      for start in stride(from: 0, to: events.count, by: 3) {
        let some = Array(events[start..<min(start + 3, events.count)])
        try await responses.write(LoyaltyV1.SubscribeResponse(events: some, cursor: some.last?.cursor ?? ""))
      }
      try await responses.write(LoyaltyV1.SubscribeResponse(cursor: "\(next)"))
    }
  }
}

/// The rest of the service, which nobody asks in these tests.
extension LedgerInMemory {
  private var unasked: RPCError { RPCError(code: .unimplemented, message: "not a part of the test") }

  func getProgramme(
    _ request: LoyaltyV1.GetProgrammeRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.GetProgrammeResponse { throw unasked }

  func updateProgramme(
    _ request: LoyaltyV1.UpdateProgrammeRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.UpdateProgrammeResponse { throw unasked }

  func openAccount(
    _ request: LoyaltyV1.OpenAccountRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.OpenAccountResponse { throw unasked }

  func credit(
    _ request: LoyaltyV1.CreditRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.CreditResponse { throw unasked }

  func debit(
    _ request: LoyaltyV1.DebitRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.DebitResponse { throw unasked }

  func postOrder(
    _ request: LoyaltyV1.PostOrderRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.PostOrderResponse { throw unasked }

  func getOrder(
    _ request: LoyaltyV1.GetOrderRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.GetOrderResponse { throw unasked }

  func reverseOrder(
    _ request: LoyaltyV1.ReverseOrderRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.ReverseOrderResponse { throw unasked }

  func getBalance(
    _ request: LoyaltyV1.GetBalanceRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.GetBalanceResponse { throw unasked }

  func listEntries(
    _ request: LoyaltyV1.ListEntriesRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.ListEntriesResponse { throw unasked }

  func resolveReservation(
    _ request: LoyaltyV1.ResolveReservationRequest,
    context: ServerContext
  ) async throws -> LoyaltyV1.ResolveReservationResponse { throw unasked }
}
