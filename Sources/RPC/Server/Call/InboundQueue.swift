import DequeModule

/// A stream's request messages between the wire and the handler, with the flow-control credit they hold back
/// (rpc.md row 10).
///
/// Bytes are credited to the peer when the handler takes their message. Bytes of a message that is still incomplete are
/// credited at once if no complete message waits: the handler is ahead, and a message may be larger than the window.
struct InboundQueue: Sendable {
  private struct Entry: Sendable {
    var message: FrameReader.Message
    var credit: Int
  }

  private var reader: FrameReader
  private var first: Entry?
  private var rest = Deque<Entry>()
  /// Bytes of the incomplete message for which the peer has not got its credit back.
  private var partialCredit = 0

  init(messageBytesMaximum: Int) { reader = FrameReader(messageBytesMaximum: messageBytesMaximum) }

  /// The most bytes one message may have.
  var messageBytesMaximum: Int { reader.messageBytesMaximum }
  /// Whether a message has begun and is not complete.
  var isInsideMessage: Bool { reader.isInsideMessage }
  /// Whether a message waits and is marked as compressed.
  var isNextCompressed: Bool { first?.message.isCompressed ?? false }
  /// Complete messages waiting.
  var count: Int { (first == nil ? 0 : 1) + rest.count }
  /// What keeping a message costs beyond its bytes: its array, and its place here while the queue grows. Without it
  /// many small messages would cost a multiple of what they count.
  static let messageOverhead = 96

  /// What a complete message counts for.
  static func bufferedBytes(of message: FrameReader.Message) -> Int {
    message.bytes.count + FrameReader.headerLength + messageOverhead
  }

  /// Bytes held, complete or not, with what it costs to keep them.
  private(set) var bufferedBytes = 0

  /// Takes a piece of the body.
  ///
  /// - Returns: how many messages it completed, and the credit to return now.
  mutating func receive(
    _ bytes: UnsafeRawBufferPointer
  ) throws(FrameReader.Failure) -> (completed: Int, credit: Int) {
    var chunk = bytes
    var completed = 0
    while true {
      let before = chunk.count
      let message = try reader.next(from: &chunk)
      partialCredit += before - chunk.count
      guard let message else { break }
      append(Entry(message: message, credit: partialCredit))
      partialCredit = 0
      completed += 1
    }
    bufferedBytes += bytes.count + completed * Self.messageOverhead
    return (completed, creditPartial())
  }

  /// The next complete message with the credit to return for it.
  mutating func take() -> (message: FrameReader.Message, credit: Int)? {
    guard let entry = first else { return nil }
    first = rest.popFirst()
    bufferedBytes -= Self.bufferedBytes(of: entry.message)
    return (entry.message, entry.credit + creditPartial())
  }

  private mutating func append(_ entry: Entry) {
    if first == nil { first = entry } else { rest.append(entry) }
  }

  private mutating func creditPartial() -> Int {
    guard first == nil else { return 0 }
    defer { partialCredit = 0 }
    return partialCredit
  }
}
