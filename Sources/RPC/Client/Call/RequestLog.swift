/// The framed request messages of a call, kept while they may have to be sent again.
struct RequestLog: Sendable {
  private(set) var frames: [[UInt8]]
  /// No more messages follow.
  private(set) var isFinished: Bool
  private(set) var bytes = 0
  /// The part of ``bytes`` that counts against the channel's budget.
  private var reservedBytes = 0

  /// The one message of a unary or server-streaming call.
  init(message frame: [UInt8]) {
    frames = [frame]
    bytes = frame.count
    isFinished = true
  }

  /// A stream of messages, none yet.
  init() {
    frames = []
    isFinished = false
  }

  mutating func append(_ addition: RequestFeed.Addition) {
    for frame in addition.frames {
      frames.append(frame)
      bytes += frame.count
    }
    isFinished = addition.isFinished
  }

  /// Counts what is kept against the channel's budget. False when that is used up.
  mutating func reserve(from budget: ReplayBudget) -> Bool {
    guard bytes > reservedBytes else { return true }
    guard budget.reserve(bytes - reservedBytes) else { return false }
    reservedBytes = bytes
    return true
  }

  /// The messages will not be sent again. Returns what is to be given back to the channel's budget.
  mutating func discard() -> Int {
    frames = []
    bytes = 0
    defer { reservedBytes = 0 }
    return reservedBytes
  }
}
