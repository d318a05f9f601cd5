import NIOCore

@testable import patron_lab

/// Messages of PostgreSQL's wire protocol.
enum ProtocolMessages {
  static func startup(_ text: String = "user\0patron\0\0") -> ByteBuffer { framed(nil, text) }
  static func parse(_ name: String, _ statement: String) -> ByteBuffer { framed("P", "\(name)\0\(statement)\0\0\0") }
  static func bind(_ name: String) -> ByteBuffer { framed("B", "\0\(name)\0\0\0") }
  static let execute = framed("E", "\0\0\0\0\0")
  static let sync = framed("S", "")
  static let commandComplete = framed("C", "SELECT 1\0")
  static let readyForQuery = framed("Z", "I")
  static func error(_ sqlState: String) -> ByteBuffer { framed("E", "SERROR\0C\(sqlState)\0Mno\0\0") }

  static func framed(_ kind: Character?, _ body: String) -> ByteBuffer {
    var buffer = ByteBuffer()
    if let kind { buffer.writeString(String(kind)) }
    buffer.writeInteger(UInt32(4 + body.utf8.count))
    buffer.writeString(body)
    return buffer
  }

  /// Parses bytes with one message.
  static func message(_ bytes: ByteBuffer, _ direction: MessageDirection = .toClient) throws -> PostgresMessage? {
    var splitter = PostgresMessageSplitter(direction)
    splitter.append(bytes)
    return try splitter.next()
  }
}
