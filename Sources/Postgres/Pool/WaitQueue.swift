import DequeModule

/// Calls in order of arrival. An abandoned call stays in its place and is skipped, so abandoning costs nothing however
/// long the queue is.
struct WaitQueue<Client: PoolClient> {
  private var clients: Deque<Client> = []
  private var abandoned = 0

  /// How many still wait.
  var count: Int { clients.count - abandoned }

  var isEmpty: Bool { count == 0 }

  mutating func append(_ client: Client) {
    clients.append(client)
  }

  mutating func abandonOne() {
    abandoned += 1
    if abandoned > 64, abandoned > clients.count / 2 {
      clients.removeAll { !$0.isWaiting }
      abandoned = 0
    }
  }

  mutating func popFirst() -> Client? {
    while let client = clients.popFirst() {
      if client.isWaiting { return client }
      abandoned -= 1
    }
    return nil
  }

  mutating func takeAll() -> [Client] {
    defer {
      clients.removeAll()
      abandoned = 0
    }
    return clients.filter(\.isWaiting)
  }
}
