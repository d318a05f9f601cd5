/// Follows the messages of one connection and says where in a batch of the ledger it is.
///
/// Batches have connections of their own, known by the one statement that writes them. On such a connection a batch is a
/// round trip that reads and one that writes, each a run of statements that a Sync ends.
struct BatchWatch {
  /// What only the writing statement contains.
  private static let writingMark = "require_unchanged("

  private var writingStatements: Set<String> = []
  private var carriesBatches = false
  private var part: BatchPlace.Part?
  private var passed: [MessageDirection: Int] = [:]
  private var unansweredSyncs = 0

  /// Takes note of a message that is about to be passed on.
  ///
  /// - Returns: The place it is at, if it begins or ends a statement of a batch.
  mutating func follow(_ message: PostgresMessage, _ direction: MessageDirection) -> BatchBoundary? {
    switch (direction, message.kind) {
    case (.toServer, PostgresMessage.Kind.parse):
      note(message.prepared)
      return nil
    case (.toServer, PostgresMessage.Kind.bind):
      begin(message.boundStatement ?? "")
      return boundary(direction)
    case (.toServer, PostgresMessage.Kind.sync):
      unansweredSyncs += 1
      return boundary(direction)
    case (.toClient, PostgresMessage.Kind.commandComplete):
      return boundary(direction)
    case (.toClient, PostgresMessage.Kind.readyForQuery):
      unansweredSyncs = max(0, unansweredSyncs - 1)
      let isLast = unansweredSyncs == 0
      defer { if isLast { end() } }
      return boundary(direction, isLast: isLast)
    default:
      return nil
    }
  }

  private mutating func note(_ statement: (name: String, text: String)?) {
    guard let statement else { return }
    if statement.text.contains(Self.writingMark) {
      writingStatements.insert(statement.name)
    } else {
      writingStatements.remove(statement.name)
    }
  }

  private mutating func begin(_ statement: String) {
    let writes = writingStatements.contains(statement)
    if writes { carriesBatches = true }
    if part == nil { part = writes ? .writing : .reading }
  }

  private mutating func end() {
    part = nil
    passed = [:]
  }

  private mutating func boundary(_ direction: MessageDirection, isLast: Bool = false) -> BatchBoundary? {
    guard carriesBatches, let part else { return nil }
    let index = passed[direction, default: 0]
    passed[direction] = index + 1
    return BatchBoundary(place: BatchPlace(part: part, direction: direction, index: index), isLast: isLast)
  }
}

/// A place between two statements of a batch of the ledger, as its connection to PostgreSQL sees it.
struct BatchPlace: Hashable, Sendable, CustomStringConvertible {
  /// The two round trips of a batch.
  enum Part: String, Hashable, Sendable, CaseIterable {
    case reading
    case writing
  }

  var part: Part
  /// Whether statements on their way to PostgreSQL are counted, or its answers on their way back.
  var direction: MessageDirection
  /// How many of them have passed: before statement number `index`, or before its answer. After the last statement comes
  /// the Sync, by which a batch commits; after the last answer comes the word that it has committed.
  var index: Int

  var description: String {
    "\(part.rawValue), before \(direction == .toServer ? "statement" : "answer") \(index + 1)"
  }
}

/// A batch has come to such a place.
struct BatchBoundary: Hashable, Sendable {
  var place: BatchPlace
  /// Whether this is the last place of its part: PostgreSQL is done with it and is about to say so.
  var isLast: Bool
}
