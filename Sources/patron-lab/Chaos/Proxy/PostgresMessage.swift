import NIOCore

/// One message of PostgreSQL's protocol (its manual, "Message Formats").
struct PostgresMessage: Sendable {
  /// What the messages are called that the proxy looks at.
  enum Kind {
    static let parse = UInt8(ascii: "P")
    static let bind = UInt8(ascii: "B")
    static let sync = UInt8(ascii: "S")
    static let commandComplete = UInt8(ascii: "C")
    static let errorResponse = UInt8(ascii: "E")
    static let readyForQuery = UInt8(ascii: "Z")
  }

  /// The letter that it begins with; nil for the first message of a connection, which has none.
  var kind: UInt8?
  /// All of it, as it came.
  var bytes: ByteBuffer

  /// The name and the text of the statement that a Parse prepares.
  var prepared: (name: String, text: String)? {
    var body = body
    guard let name = body.readTerminatedString(), let text = body.readTerminatedString() else { return nil }
    return (name, text)
  }

  /// The name of the statement whose execution a Bind begins.
  var boundStatement: String? {
    var body = body
    guard body.readTerminatedString() != nil else { return nil }
    return body.readTerminatedString()
  }

  /// The SQLSTATE of an ErrorResponse.
  var sqlState: String? {
    var body = body
    while let field = body.readInteger(as: UInt8.self), field != 0, let value = body.readTerminatedString() {
      if field == UInt8(ascii: "C") { return value }
    }
    return nil
  }

  private var body: ByteBuffer {
    bytes.getSlice(at: bytes.readerIndex + (kind == nil ? 4 : 5), length: bytes.readableBytes - (kind == nil ? 4 : 5))
      ?? ByteBuffer()
  }
}

extension ByteBuffer {
  /// Reads up to the next zero byte.
  fileprivate mutating func readTerminatedString() -> String? {
    guard let end = readableBytesView.firstIndex(of: 0) else { return nil }
    defer { moveReaderIndex(forwardBy: 1) }
    return readString(length: end - readerIndex)
  }
}

/// Which way a message passes between a service and PostgreSQL.
enum MessageDirection: Hashable, Sendable, CaseIterable {
  case toServer
  case toClient
}
