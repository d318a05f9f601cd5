/// The framed request messages of a call, kept while they may have to be sent again.
struct RequestLog: Sendable {
  private(set) var frames: [[UInt8]]
  /// No more messages follow.
  private(set) var isFinished: Bool
  private var bytes = 0

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

  /// A stream that has grown beyond this is not kept.
  func exceeds(_ limit: Int) -> Bool {
    bytes > limit && (frames.count > 1 || !isFinished)
  }

  /// The messages will not be sent again.
  mutating func discard() {
    frames = []
    bytes = 0
  }
}
