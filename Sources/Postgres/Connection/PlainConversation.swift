import DequeModule

/// What goes on while a connection is out of pipeline mode: a script, or a COPY in one direction.
struct PlainConversation {
  enum Stage {
    /// Results are awaited: of a script, or of the statement that opens a COPY.
    case opening
    /// The server takes rows.
    case copyingIn
    /// The server gives rows.
    case copyingOut
    /// The rows are over; results are awaited.
    case ending
    /// Everything has been said; the client has yet to hear it.
    case over
  }

  var stage = Stage.opening
  /// The request being served.
  var current: Request?
  /// The requests that follow it.
  var pending: Deque<Request> = []
  var error: ServerError?
  var affectedRows = 0

  init(_ request: Request) {
    current = request
  }

  /// Goes on to the next request when none is being served.
  mutating func takeNext() {
    if current == nil { current = pending.popFirst() }
  }

  var participants: [Request] { (current.map { [$0] } ?? []) + pending }
}
