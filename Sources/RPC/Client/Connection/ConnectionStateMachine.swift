/// The life of one HTTP/2 connection as calls see it, without sockets.
///
/// A connection takes calls once the peer's SETTINGS have arrived (before that its stream limit is unknown), never more
/// than the peer allows at once, and none after GOAWAY; the calls it has then run to their end, and it closes.
struct ConnectionStateMachine: Sendable {
  enum State: Sendable, Equatable {
    /// The socket is open; the peer's SETTINGS are awaited.
    case awaitingSettings
    case ready
    /// No new calls; closes when the last running one ends.
    case draining
    case closed
  }

  private(set) var state = State.awaitingSettings
  private(set) var openStreams = 0
  private var streamLimit = 0
  /// How far to stay below the limit; see ``closedStream(wasRefused:)``.
  private var margin = 0
  /// Streams that ended since the margin last changed.
  private var calmStreams = 0

  /// After so many streams without a refusal the margin shrinks by one.
  private static let calmStreamsMaximum = 1000

  /// A quarter of the limit, and one stream, is always used.
  private var marginMaximum: Int { streamLimit - max(1, streamLimit / 4) }

  /// How many calls could start now.
  var capacity: Int {
    state == .ready ? max(0, streamLimit - margin - openStreams) : 0
  }

  enum SettingsAction: Equatable {
    case none
    case becameReady
    case capacityGrew
  }

  /// SETTINGS arrived; `maxConcurrentStreams` is the peer's limit now (absent in SETTINGS means no limit).
  mutating func receivedSettings(maxConcurrentStreams: UInt32) -> SettingsAction {
    let before = capacity
    streamLimit = Int(min(maxConcurrentStreams, UInt32(Int32.max)))
    margin = min(margin, max(0, marginMaximum))
    switch state {
    case .awaitingSettings:
      state = .ready
      return .becameReady
    case .ready:
      return capacity > before ? .capacityGrew : .none
    case .draining, .closed:
      return .none
    }
  }

  mutating func openedStream() {
    precondition(state == .ready, "A stream opens on a ready connection only")
    openStreams += 1
  }

  enum StreamClosedAction: Equatable {
    case none
    case capacityFreed
    /// The last call of a draining connection ended.
    case close
  }

  /// A stream ended. One that was refused though the limit was kept tells that the server still counts streams which
  /// have ended here (servers do for a moment): from then on this connection stays further below the limit.
  mutating func closedStream(wasRefused: Bool = false) -> StreamClosedAction {
    openStreams -= 1
    adjustMargin(wasRefused: wasRefused)
    switch state {
    case .ready: return capacity > 0 ? .capacityFreed : .none
    case .draining: return openStreams == 0 ? .close : .none
    case .awaitingSettings, .closed: return .none
    }
  }

  private mutating func adjustMargin(wasRefused: Bool) {
    calmStreams += 1
    if wasRefused {
      margin = min(margin + 1, max(0, marginMaximum))
      calmStreams = 0
    } else if margin > 0, calmStreams >= Self.calmStreamsMaximum {
      margin -= 1
      calmStreams = 0
    }
  }

  enum DrainAction: Equatable {
    case none
    /// Tell the channel that this connection takes no more calls; those it has go on.
    case retire
    /// The same, and nothing runs here: close at once.
    case retireAndClose
  }

  /// GOAWAY arrived, or the stream identifiers ran out, or this side wants to close gracefully. Which calls a GOAWAY
  /// leaves unprocessed (those above its last stream identifier) is decided stream by stream.
  mutating func drain() -> DrainAction {
    switch state {
    case .awaitingSettings, .ready:
      state = .draining
      return openStreams == 0 ? .retireAndClose : .retire
    case .draining, .closed:
      return .none
    }
  }

  mutating func closed() {
    state = .closed
  }
}
