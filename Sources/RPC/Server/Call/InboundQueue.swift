import DequeModule

/// The request messages of a stream on their way to the handler, with the flow-control credit that they withhold
/// (rpc.md row 10).
///
/// Credit for a message is returned when the handler takes it. Credit for an incomplete message is returned at once if
/// no complete message waits: the handler is ahead, and a message may be larger than the window.
struct InboundQueue: Sendable {
  private struct Entry: Sendable {
    var message: FrameReader.Message
    var credit: Int
  }

  private var reader: FrameReader
  /// The body so far when it is one message without a frame.
  private var body: [UInt8]?
  private var first: Entry?
  private var rest = Deque<Entry>()
  /// Bytes of the incomplete message whose credit has not been returned.
  private var partialCredit = 0

  /// - Parameter isUnframed: Whether the whole body is one message.
  init(messageBytesMaximum: Int, isUnframed: Bool = false) {
    reader = FrameReader(messageBytesMaximum: messageBytesMaximum)
    if isUnframed { body = [] }
  }

  /// The greatest size of a message.
  var messageBytesMaximum: Int { reader.messageBytesMaximum }
  /// Whether a message is incomplete.
  var isInsideMessage: Bool { body != nil || reader.isInsideMessage }
  /// Whether the next message is marked as compressed.
  var isNextCompressed: Bool { first?.message.isCompressed ?? false }
  /// The number of complete messages waiting.
  var count: Int { (first == nil ? 0 : 1) + rest.count }
  /// The cost of storing a message beyond its bytes: its array, and its place here while the queue grows. Without it
  /// many small messages would cost a multiple of their count.
  static let messageOverhead = 96

  /// Returns the cost of a complete message.
  static func bufferedBytes(of message: FrameReader.Message) -> Int {
    message.bytes.count + FrameReader.headerLength + messageOverhead
  }

  /// The cost of all stored bytes, complete or not.
  private(set) var bufferedBytes = 0

  /// Receives a piece of the body.
  ///
  /// - Returns: The number of messages it completed, and the credit to return now.
  mutating func receive(
    _ bytes: UnsafeRawBufferPointer
  ) throws(FrameReader.Failure) -> (completed: Int, credit: Int) {
    if body != nil { return (0, try receiveBody(bytes)) }
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

  /// - Returns: The credit to return now: all, because nothing can be done before the end.
  private mutating func receiveBody(_ bytes: UnsafeRawBufferPointer) throws(FrameReader.Failure) -> Int {
    let length = (body?.count ?? 0) + bytes.count
    guard length <= messageBytesMaximum else { throw .tooLarge(length: length) }
    body?.append(contentsOf: bytes)
    bufferedBytes += bytes.count
    return bytes.count
  }

  /// Completes the message that is the whole body. Does nothing when messages have frames.
  ///
  /// - Returns: The cost of storing it, nil when there was none to complete.
  mutating func endBody(isCompressed: Bool) -> Int? {
    guard let body else { return nil }
    self.body = nil
    append(Entry(message: FrameReader.Message(isCompressed: isCompressed && !body.isEmpty, bytes: body), credit: 0))
    let cost = FrameReader.headerLength + Self.messageOverhead
    bufferedBytes += cost
    return cost
  }

  /// Removes and returns the next complete message with its credit.
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
