/// The load of one connection, and whether it may accept more.
struct ServerConnectionState: Sendable {
  /// Why a call is refused.
  enum Refusal: Sendable, Hashable {
    case tooManyRunningCalls
    case tooManyBufferedBytes
  }

  private let runningHandlersMaximum: Int
  private let bufferedBytesMaximum: Int
  private let outboundBytesMaximum: Int

  /// Accepted calls whose handler has not ended, whether or not their stream is open.
  private(set) var unfinishedCalls = 0
  /// Received request bytes that no handler has read.
  private(set) var bufferedBytes = 0
  /// Response bytes waiting to be sent.
  private(set) var outboundBytes = 0

  /// Whether the connection has held enough memory to be worth returning it.
  private(set) var hasHoarded = false
  private static let hoardBytes = 1 << 20
  /// As many calls at once, with their handlers' tasks, take about as much.
  private static let hoardCalls = 128

  init(limits: ServerLimits) {
    runningHandlersMaximum = limits.runningHandlersMaximum
    bufferedBytesMaximum = limits.bufferedRequestBytesMaximum
    outboundBytesMaximum = limits.connectionOutboundBytesMaximum
  }

  /// Admits a call, or returns why it is refused.
  mutating func begin() -> Refusal? {
    guard unfinishedCalls < runningHandlersMaximum else { return .tooManyRunningCalls }
    unfinishedCalls += 1
    if unfinishedCalls >= Self.hoardCalls { hasHoarded = true }
    return nil
  }

  /// Records the end of an admitted call, whose handler has ended or never started.
  mutating func end() { unfinishedCalls -= 1 }

  /// - Returns: A refusal when the call that received them must end.
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

  /// Records decompressed bytes that the handler holds now.
  mutating func unpacked(bytes: Int) {
    if bytes >= Self.hoardBytes { hasHoarded = true }
  }

  /// Records an attack, whose remaining memory is unknown but may be worth returning.
  mutating func wasAttacked() { hasHoarded = true }

  /// - Returns: Whether the connection holds nothing any more after it held much. True once.
  mutating func isReturningMemory() -> Bool {
    guard hasHoarded, bufferedBytes == 0, outboundBytes == 0, unfinishedCalls == 0 else { return false }
    hasHoarded = false
    return true
  }

  /// - Returns: Whether writers that wait for the connection's budget may continue.
  mutating func sent(bytes: Int) -> Bool {
    let wasFull = !isWritable
    outboundBytes -= bytes
    return wasFull && isWritable
  }

  /// Whether another response message may be queued.
  var isWritable: Bool { outboundBytes < outboundBytesMaximum }
}
