import CLibPQ
import Logging

/// Maintains the connection for notifications and listens on it to every channel with a reader. Belongs to the loop's
/// thread.
final class Listener {
  private enum State {
    case none
    case connecting(ConnectionID)
    case connected(Connection)
  }

  private struct Reader {
    let subscription: Subscription
    /// The call that waits for the first LISTEN, nil once it has succeeded.
    var request: Request?
  }

  unowned var driver: Driver!
  private var state = State.none
  private var readers: [String: [Reader]] = [:]
  private var retry: ConnectRetry
  private var lastID = 0

  init(backoff: BackoffConfiguration) {
    retry = ConnectRetry(backoff)
  }

  func add(_ subscription: Subscription, _ request: Request) {
    readers[subscription.channel, default: []].append(Reader(subscription: subscription, request: request))
    if case .connected(let connection) = state { listen(subscription.channel, on: connection, again: false) }
  }

  func remove(_ subscription: Subscription) {
    guard var rest = readers[subscription.channel] else { return }
    rest.removeAll { $0.subscription === subscription }
    subscription.finish()
    readers[subscription.channel] = rest.isEmpty ? nil : rest
    guard rest.isEmpty, case .connected(let connection) = state else { return }
    send("UNLISTEN", subscription.channel, connection) { _ in }
  }

  func deliver(_ notification: Notification) {
    for reader in readers[notification.channel] ?? [] { reader.subscription.deliver(notification) }
  }

  /// Connects when there is a reader and the pause after a failure has ended.
  func continueConnecting(now: Moment) {
    guard case .none = state, !readers.isEmpty, !retry.forbids(now), driver.shutDownBy == nil else { return }
    lastID -= 1
    let id = ConnectionID(rawValue: lastID)
    state = .connecting(id)
    driver.open(id)
  }

  /// How many attempts to connect have failed in a row.
  var failures: Int { retry.failures }

  var nextWake: Moment? {
    guard case .none = state, !readers.isEmpty else { return nil }
    return retry.retryAt
  }

  func awaits(_ id: ConnectionID) -> Bool {
    id.rawValue < 0
  }

  func connected(_ id: ConnectionID, _ result: Result<ConnectionHandle, PostgresError>, now: Moment) {
    switch result {
    case .success(let handle):
      guard case .connecting(let wanted) = state, wanted == id else { return PQfinish(handle.pointer) }
      retry.succeeded()
      let connection = driver.adopt(handle, id)
      state = .connected(connection)
      for channel in readers.keys { listen(channel, on: connection, again: true) }
    case .failure(let error):
      state = .none
      retry.failed(now: now, jitter: driver.randomness())
      driver.lastConnectFailure = error
      driver.logger.warning("cannot connect to PostgreSQL to listen", metadata: ["reason": "\(error.reason)"])
    }
  }

  func lost(_ connection: Connection, now: Moment) {
    guard case .connected(let current) = state, current === connection else { return }
    state = .none
    retry.failed(now: now, jitter: driver.randomness())
  }

  func end(because error: PostgresError) {
    for reader in readers.values.joined() {
      reader.subscription.finish()
      if let request = reader.request { driver.complete(request, .failure(error)) }
    }
    readers.removeAll()
  }

  private func listen(_ channel: String, on connection: Connection, again: Bool) {
    send("LISTEN", channel, connection) { [weak self] result in self?.answered(channel, result, again: again) }
  }

  private func send(
    _ command: String,
    _ channel: String,
    _ connection: Connection,
    _ observer: @escaping (Result<Reply, PostgresError>) -> Void
  ) {
    let sql = SQL(raw: "\(command) \(SQL.quoted(identifier: channel))")
    let request = Request(.query(sql), submitted: driver.now, deadline: Moment(nanoseconds: .max))
    request.observer = observer
    connection.send(request)
  }

  private func answered(_ channel: String, _ result: Result<Reply, PostgresError>, again: Bool) {
    guard let waiting = readers[channel] else { return }
    switch result {
    case .success:
      readers[channel] = waiting.map { Reader(subscription: $0.subscription, request: nil) }
      for reader in waiting {
        if let request = reader.request {
          driver.complete(request, .success(.nothing))
        } else if again {
          reader.subscription.missed()
        }
      }
    case .failure(let error) where error.kind == .server:
      readers[channel] = waiting.filter { $0.request == nil }
      for reader in waiting {
        if let request = reader.request { driver.complete(request, .failure(error)) }
      }
    case .failure:
      break
    }
  }
}
