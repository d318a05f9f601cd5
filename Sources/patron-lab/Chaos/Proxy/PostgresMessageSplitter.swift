import LocalSuite
import NIOCore

/// Cuts one direction of a connection into PostgreSQL's messages: a letter and a length that counts itself. Only the first
/// message of a client has no letter.
///
/// Over a unix socket nobody asks for encryption first, so every byte belongs to a message.
struct PostgresMessageSplitter {
  /// A longer message means that the thread was lost: no batch comes near.
  static let messageBytesMaximum = 256 << 20

  private var rest = ByteBuffer()
  private var expectsKind: Bool

  init(_ direction: MessageDirection) {
    expectsKind = direction == .toClient
  }

  /// Takes more bytes.
  mutating func append(_ bytes: ByteBuffer) {
    rest.discardReadBytes()
    rest.writeImmutableBuffer(bytes)
  }

  /// The next whole message; nil if more bytes are needed.
  mutating func next() throws(SuiteError) -> PostgresMessage? {
    let prefix = expectsKind ? 1 : 0
    guard let length = rest.getInteger(at: rest.readerIndex + prefix, as: UInt32.self) else { return nil }
    guard (4...UInt32(Self.messageBytesMaximum)).contains(length) else {
      throw SuiteError("A message between a service and PostgreSQL says that it has \(length) bytes.")
    }
    let kind = expectsKind ? rest.getInteger(at: rest.readerIndex, as: UInt8.self) : nil
    guard let bytes = rest.readSlice(length: prefix + Int(length)) else { return nil }
    expectsKind = true
    return PostgresMessage(kind: kind, bytes: bytes)
  }
}
