/// What one connection has under way, and whether it may take on more.
struct ServerConnectionState: Sendable {
  /// Why a call is refused.
  enum Refusal: Sendable, Hashable {
    case tooManyRunningCalls
    case tooManyBufferedBytes
  }

  private let runningHandlersMaximum: Int
  private let bufferedBytesMaximum: Int
  private let outboundBytesMaximum: Int

  /// Calls taken on whose handler has not ended, whether or not their stream is still open.
  private(set) var unfinishedCalls = 0
  /// Request bytes received that no handler has taken.
  private(set) var bufferedBytes = 0
  /// Response bytes waiting to be sent.
  private(set) var outboundBytes = 0

  /// Whether the connection has held so much memory that it is worth giving back.
  private(set) var hasHoarded = false
  private static let hoardBytes = 1 << 20
  /// So many calls at once, with the tasks of their handlers, take about as much.
  private static let hoardCalls = 128

  init(limits: ServerLimits) {
    runningHandlersMaximum = limits.runningHandlersMaximum
    bufferedBytesMaximum = limits.bufferedRequestBytesMaximum
    outboundBytesMaximum = limits.connectionOutboundBytesMaximum
  }

  /// A call asks to be taken on.
  mutating func begin() -> Refusal? {
    guard unfinishedCalls < runningHandlersMaximum else { return .tooManyRunningCalls }
    unfinishedCalls += 1
    if unfinishedCalls >= Self.hoardCalls { hasHoarded = true }
    return nil
  }

  /// A call that was taken on is over: its handler has ended, or never began.
  mutating func end() { unfinishedCalls -= 1 }

  /// - Returns: a refusal when the call that received them must end.
  mutating func buffer(bytes: Int) -> Refusal? {
    bufferedBytes += bytes
    if bufferedBytes >= Self.hoardBytes { hasHoarded = true }
    return bufferedBytes > bufferedBytesMaximum ? .tooManyBufferedBytes : nil
  }

  mutating func unbuffer(bytes: Int) { bufferedBytes -= bytes }

  mutating func queue(bytes: Int) {
    outboundBytes += bytes
    if outboundBytes >= Self.hoardBytes { hasHoarded = true }
  }

  /// So much was unpacked, which its handler has now.
  mutating func unpacked(bytes: Int) {
    if bytes >= Self.hoardBytes { hasHoarded = true }
  }

  /// Its client attacked: what that left behind is not known, but worth a look.
  mutating func wasAttacked() { hasHoarded = true }

  /// - Returns: whether the connection holds nothing any more after it held much; once.
  mutating func isReturningMemory() -> Bool {
    guard hasHoarded, bufferedBytes == 0, outboundBytes == 0, unfinishedCalls == 0 else { return false }
    hasHoarded = false
    return true
  }

  /// - Returns: whether writers that waited for the connection's budget may go on.
  mutating func sent(bytes: Int) -> Bool {
    let wasFull = !isWritable
    outboundBytes -= bytes
    return wasFull && isWritable
  }

  /// Whether there is room for another response message.
  var isWritable: Bool { outboundBytes < outboundBytesMaximum }
}
