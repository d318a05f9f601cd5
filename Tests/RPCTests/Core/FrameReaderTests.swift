import SeededRandomness
import Testing

@testable import RPC

@Suite("Framing (row 2)")
struct FrameReaderTests {
  /// Reads `bytes` split at `cuts`.
  private func read(
    _ bytes: [UInt8],
    limit: Int = 1 << 20,
    pieces: [Int]
  ) throws(FrameReader.Failure) -> [FrameReader.Message] {
    var reader = FrameReader(messageBytesMaximum: limit)
    var messages: [FrameReader.Message] = []
    var start = 0
    for end in pieces + [bytes.count] {
      let piece = Array(bytes[start..<end])
      start = end
      messages += try piece.withUnsafeBufferPointer { piece throws(FrameReader.Failure) in
        var chunk = UnsafeRawBufferPointer(piece)
        var found: [FrameReader.Message] = []
        while let message = try reader.next(from: &chunk) { found.append(message) }
        return found
      }
    }
    #expect(!reader.isInsideMessage)
    return messages
  }

  @Test("Messages come out whole however their bytes are cut", arguments: SeededRandom.several)
  func anyCut(_ random: SeededRandom) throws {
    var random = random
    let messages = (0..<20).map { _ in
      (0..<Int.random(in: 0...300, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
    }
    let bytes = messages.flatMap { FrameHeader.frame($0) }
    let cuts = (0..<40).map { _ in Int.random(in: 0...bytes.count, using: &random) }.sorted()
    #expect(try read(bytes, pieces: cuts).map(\.bytes) == messages)
  }

  @Test("One byte at a time works")
  func byteByByte() throws {
    let bytes = FrameHeader.frame([1, 2, 3]) + FrameHeader.frame([], isCompressed: true)
    let messages = try read(bytes, pieces: Array(0..<bytes.count))
    #expect(messages.map(\.bytes) == [[1, 2, 3], []])
    #expect(messages.map(\.isCompressed) == [false, true])
  }

  @Test("A length over the limit is refused before any byte of the message is there")
  func limit() {
    #expect(throws: FrameReader.Failure.tooLarge(length: 101)) { try read([0, 0, 0, 0, 101], limit: 100, pieces: []) }
    #expect(throws: FrameReader.Failure.tooLarge(length: 0xffff_ffff)) {
      try read([0, 255, 255, 255, 255], limit: 100, pieces: [])
    }
  }

  @Test("A message of exactly the limit is taken")
  func exactLimit() throws {
    let message = [UInt8](repeating: 7, count: 100)
    #expect(try read(FrameHeader.frame(message), limit: 100, pieces: [50]).map(\.bytes) == [message])
  }

  @Test("A flag byte other than 0 and 1 is refused", arguments: [2, 128, 255] as [UInt8])
  func flag(_ flag: UInt8) {
    #expect(throws: FrameReader.Failure.invalidFlag(flag)) { try read([flag, 0, 0, 0, 0], pieces: []) }
  }

  @Test("An announced length reserves no memory for bytes that have not come")
  func memory() throws {
    var reader = FrameReader(messageBytesMaximum: 1 << 30)
    try [UInt8]([0, 0x3f, 0xff, 0xff, 0xff, 1]).withUnsafeBufferPointer { bytes throws(FrameReader.Failure) in
      var chunk = UnsafeRawBufferPointer(bytes)
      #expect(try reader.next(from: &chunk) == nil)
    }
    #expect(reader.bufferedBytes == 6)
  }
}
