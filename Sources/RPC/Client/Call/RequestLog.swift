import Synchronization

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

/// Counts the request bytes that the calls of a channel keep to send them again. For any thread.
final class ReplayBudget: Sendable {
  private let bytesMaximum: Int
  private let bytes = Atomic(0)

  init(bytesMaximum: Int) {
    self.bytesMaximum = bytesMaximum
  }

  /// What is kept now.
  var keptBytes: Int { bytes.load(ordering: .relaxed) }

  /// True when so many more bytes may be kept; they must be released later.
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
