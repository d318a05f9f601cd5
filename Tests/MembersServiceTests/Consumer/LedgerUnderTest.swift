import Basics
import CommonProto
import Foundation
import Logging
import LoyaltyProto
import Messages
import RPC
import ServiceKit
import Synchronization

/// A ledger for tests: the real server and the generated service, with an event log in memory. It can be restarted at
/// the same address.
final class LedgerUnderTest: Sendable {
  let service = LedgerInMemory()
  private let path: String
  private let server = Mutex<Server?>(nil)

  init() {
    path = "/tmp/patron-ledger-\(UUID().text.prefix(8)).sock"
  }

  /// The address as a setting.
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

  /// Closes every connection.
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
final class LedgerInMemory: Sendable {
  private struct State {
    var events: [LoyaltyV1.LoyaltyEvent] = []
    var subscriptions: [UUID: AsyncStream<Void>.Continuation] = [:]
    var cursorsAskedFor: [String] = []
    var forgetsCursors = false
  }

  private let state = Mutex(State())

  /// The cursors of the subscriptions in order.
  var cursorsAskedFor: [String] { state.withLock { $0.cursorsAskedFor } }

  /// Makes every later subscription begin at the first event, whatever its cursor, so that events repeat.
  func forgetCursors() { state.withLock { $0.forgetsCursors = true } }

  /// Appends an event and notifies the subscribers.
  func append(_ kind: LoyaltyV1.LoyaltyEvent.OneOfKind) {
    let waiting = state.withLock { state in
      let event = LoyaltyV1.LoyaltyEvent(
        cursor: "\(state.events.count + 1)",
        eventID: UUID().text,
        recordedAt: GoogleProtobuf.Timestamp(date: Date()),
        key: kind.member,
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
      // Odd sizes, so that runs of events begin and end anywhere. The last one is empty.
      for start in stride(from: 0, to: events.count, by: 3) {
        let some = Array(events[start..<min(start + 3, events.count)])
        try await responses.write(LoyaltyV1.SubscribeResponse(events: some, cursor: some.last?.cursor ?? ""))
      }
      try await responses.write(LoyaltyV1.SubscribeResponse(cursor: "\(next)"))
    }
  }
}

extension LoyaltyV1.LoyaltyEvent.OneOfKind {
  /// The member of the event, empty if there is none.
  fileprivate var member: String {
    switch self {
    case .orderPosted(let posted): posted.order?.memberID ?? ""
    case .orderReversed(let reversed): reversed.order?.memberID ?? ""
    case .orderReturned(let returned): returned.order?.memberID ?? ""
    case .pointsExpiring(let expiring): expiring.memberID
    case .programmeUpdated: ""
    }
  }
}

/// The methods of the service that subscribers use.
extension LedgerInMemory: RegistrableService {
  static let serviceDescriptor = LoyaltyV1.LoyaltyServiceMethods.service
  static var fileDescriptors: FileDescriptors { .loyaltyProto }

  var methods: [ServerMethod] {
    [
      .serverStreaming(LoyaltyV1.LoyaltyServiceMethods.subscribe) { request, responses, context in
        try await self.subscribe(request, responses: responses, context: context)
      }
    ]
  }
}
