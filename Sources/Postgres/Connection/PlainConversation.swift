import DequeModule

/// The exchange while a connection is out of pipeline mode: a script, or a COPY in one direction.
struct PlainConversation {
  enum Stage {
    /// Waiting for results of a script or of the statement that opens a COPY.
    case opening
    /// The server accepts rows.
    case copyingIn
    /// The server sends rows.
    case copyingOut
    /// The rows have ended. Waiting for results.
    case ending
    /// The server is done. The client has yet to receive the result.
    case over
  }

  var stage = Stage.opening
  /// The current request.
  var current: Request?
  /// The requests after it.
  var pending: Deque<Request> = []
  var error: ServerError?
  var affectedRows = 0

  init(_ request: Request) {
    current = request
  }

  /// Starts the next request when there is no current one.
  mutating func takeNext() {
    if current == nil { current = pending.popFirst() }
  }

  var participants: [Request] { (current.map { [$0] } ?? []) + pending }
}
