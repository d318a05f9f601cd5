import NIOCore
import Testing

@testable import LocalSuite
@testable import patron_lab

@Suite("Cutting a connection into PostgreSQL's messages")
struct PostgresMessageSplitterTests {
  @Test("finds the same messages wherever the bytes are torn apart")
  func torn() throws {
    var all = ByteBuffer()
    for part in [ProtocolMessages.startup(), ProtocolMessages.parse("s1", "SELECT 1"), ProtocolMessages.sync] {
      all.writeImmutableBuffer(part)
    }
    for size in 1...all.readableBytes {
      var splitter = PostgresMessageSplitter(.toServer)
      var rest = all
      var kinds: [UInt8?] = []
      var together = ByteBuffer()
      while rest.readableBytes > 0 {
        splitter.append(rest.readSlice(length: min(size, rest.readableBytes)) ?? ByteBuffer())
        while let message = try splitter.next() {
          kinds.append(message.kind)
          together.writeImmutableBuffer(message.bytes)
        }
      }
      #expect(kinds == [nil, UInt8(ascii: "P"), UInt8(ascii: "S")])
      #expect(together == all)
    }
  }

  @Test("a server's first message has a letter like all others")
  func server() throws {
    let message = try #require(try ProtocolMessages.message(ProtocolMessages.readyForQuery))
    #expect(message.kind == PostgresMessage.Kind.readyForQuery)
  }

  @Test("a message that says it is endless is refused")
  func endless() {
    var splitter = PostgresMessageSplitter(.toClient)
    splitter.append(ByteBuffer(bytes: [UInt8(ascii: "D"), 0xff, 0xff, 0xff, 0xff]))
    #expect(throws: SuiteError.self) { try splitter.next() }
  }

  @Test("statements' names and texts and errors' states are read from their messages")
  func contents() throws {
    let parse = try #require(try ProtocolMessages.message(ProtocolMessages.parse("s1", "SELECT 1")))
    #expect(parse.prepared?.name == "s1")
    #expect(parse.prepared?.text == "SELECT 1")
    #expect(try ProtocolMessages.message(ProtocolMessages.bind("s2"))?.boundStatement == "s2")
    #expect(try ProtocolMessages.message(ProtocolMessages.error("53100"))?.sqlState == "53100")
  }
}
