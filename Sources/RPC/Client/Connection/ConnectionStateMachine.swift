/// The life of one HTTP/2 connection for its calls, without sockets.
///
/// A connection accepts calls once the peer's SETTINGS have arrived (before that its stream limit is unknown), at most
/// as many as the peer allows, and none after GOAWAY. Then running calls end, and it closes.
struct ConnectionStateMachine: Sendable {
  enum State: Sendable, Equatable {
    /// The socket is open. Waiting for the peer's SETTINGS.
    case awaitingSettings
    case ready
    /// No new calls. Closes when the last running one ends.
    case draining
    case closed
  }

  private(set) var state = State.awaitingSettings
  private(set) var openStreams = 0
  private var streamLimit = 0
  /// The distance to the limit; see ``closedStream(wasRefused:)``.
  private var margin = 0
  /// Streams that ended since the margin last changed.
  private var calmStreams = 0

  /// After this many streams without a refusal the margin shrinks by one.
  private static let calmStreamsMaximum = 1000

  /// The greatest margin: a quarter of the limit, and at least one stream, is always used.
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

  /// Records the peer's SETTINGS with its current limit (no limit when absent).
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

  /// Records the end of a stream. A refusal within the limit means that the server still counts streams which have
  /// ended here (servers do for a moment), so this connection stays further below the limit from then on.
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
    /// Notify the channel that this connection accepts no more calls. Running ones continue.
    case retire
    /// Notify the channel, and close at once because nothing is running.
    case retireAndClose
  }

  /// Starts draining: GOAWAY arrived, or the stream identifiers are exhausted, or this side closes gracefully. Each
  /// stream decides whether a GOAWAY left it unprocessed (those above its last stream identifier).
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
