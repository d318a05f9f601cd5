import Synchronization

/// The framed request messages of a call, stored while they may have to be repeated.
struct RequestLog: Sendable {
  private(set) var frames: [[UInt8]]
  /// Whether the request messages have ended.
  private(set) var isFinished: Bool
  private(set) var bytes = 0
  /// The part of ``bytes`` that counts against the channel's budget.
  private var reservedBytes = 0

  /// Makes the log of a unary or server-streaming call from its one message.
  init(message frame: [UInt8]) {
    frames = [frame]
    bytes = frame.count
    isFinished = true
  }

  /// Makes an empty log for a stream of messages.
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

  /// Reserves the stored bytes from the channel's budget. Returns false when it is exhausted.
  mutating func reserve(from budget: ReplayBudget) -> Bool {
    guard bytes > reservedBytes else { return true }
    guard budget.reserve(bytes - reservedBytes) else { return false }
    reservedBytes = bytes
    return true
  }

  /// Drops the messages, because they will not be repeated. Returns the bytes to release to the channel's budget.
  mutating func discard() -> Int {
    frames = []
    bytes = 0
    defer { reservedBytes = 0 }
    return reservedBytes
  }
}

/// Counts the request bytes that the calls of a channel store for repetition. Thread-safe.
final class ReplayBudget: Sendable {
  private let bytesMaximum: Int
  private let bytes = Atomic(0)

  init(bytesMaximum: Int) {
    self.bytesMaximum = bytesMaximum
  }

  /// The bytes stored now.
  var reservedBytes: Int { bytes.load(ordering: .relaxed) }

  /// Reserves `count` more bytes. Returns whether the budget allows it; then they must be released later.
  func reserve(_ count: Int) -> Bool {
    let (_, total) = bytes.add(count, ordering: .relaxed)
    if total <= bytesMaximum { return true }
    release(count)
    return false
  }

  func release(_ count: Int) {
    bytes.subtract(count, ordering: .relaxed)
  }
}
