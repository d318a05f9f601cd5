import SeededRandomness
import Testing

@testable import RPC

@Suite("Requests between wire and handler (row 10)")
struct InboundQueueTests {
  private func receive(_ queue: inout InboundQueue, _ bytes: [UInt8]) throws -> (completed: Int, credit: Int) {
    try bytes.withUnsafeBufferPointer { bytes throws(FrameReader.Failure) in
      try queue.receive(UnsafeRawBufferPointer(bytes))
    }
  }

  @Test("Credit for a message returns when it is taken")
  func creditWhenTaken() throws {
    var queue = InboundQueue(messageBytesMaximum: 100)
    let (completed, credit) = try receive(&queue, FrameHeader.frame([1, 2, 3]))
    #expect(completed == 1)
    #expect(credit == 0)
    #expect(queue.bufferedBytes == 8 + InboundQueue.messageOverhead)
    let taken = queue.take()
    #expect(taken?.message.bytes == [1, 2, 3])
    #expect(taken?.credit == 8)
    #expect(queue.bufferedBytes == 0)
    #expect(queue.count == 0)
  }

  @Test("Credit for a begun message returns at once when none waits, so that it may exceed the window")
  func creditForPartial() throws {
    var queue = InboundQueue(messageBytesMaximum: 100)
    let bytes = FrameHeader.frame([UInt8](repeating: 1, count: 50))
    let credits = try [bytes[..<20], bytes[20..<40], bytes[40...]].map { try receive(&queue, Array($0)).credit }
    #expect(credits == [20, 20, 0])
    let taken = queue.take()
    #expect(taken?.credit == 15)
  }

  @Test("Credit for a begun message behind a waiting one is held back until that is taken")
  func creditBehind() throws {
    var queue = InboundQueue(messageBytesMaximum: 100)
    let (completed, credit) = try receive(&queue, FrameHeader.frame([1]) + [0, 0, 0, 0, 9, 1, 2])
    #expect(completed == 1)
    #expect(credit == 0)
    let taken = queue.take()
    #expect(taken?.credit == 6 + 7)
  }

  @Test("A message counts for what it costs to keep, however small it is (row 18)")
  func overhead() throws {
    var queue = InboundQueue(messageBytesMaximum: 100)
    let (completed, _) = try receive(&queue, [[UInt8]](repeating: FrameHeader.frame([]), count: 100).flatMap { $0 })
    #expect(completed == 100)
    #expect(queue.bufferedBytes == 100 * (FrameHeader.length + InboundQueue.messageOverhead))
    while let (message, _) = queue.take() { #expect(message.bytes.isEmpty) }
    #expect(queue.bufferedBytes == 0)
  }

  @Test("All credit returns in the end, whatever the order", arguments: SeededRandom.several)
  func allCredit(_ random: SeededRandom) throws {
    var random = random
    var queue = InboundQueue(messageBytesMaximum: 1000)
    let messages = (0..<30).map { index in
      [UInt8](repeating: UInt8(index), count: Int.random(in: 0...200, using: &random))
    }
    var rest = messages.flatMap { FrameHeader.frame($0) }[...]
    let total = rest.count
    var credit = 0
    var taken: [[UInt8]] = []
    while !rest.isEmpty || queue.count > 0 {
      if Bool.random(using: &random) {
        let piece = rest.prefix(Int.random(in: 0...150, using: &random))
        rest = rest.dropFirst(piece.count)
        credit += try receive(&queue, Array(piece)).credit
      } else if let next = queue.take() {
        taken.append(next.message.bytes)
        credit += next.credit
      }
    }
    #expect(taken == messages)
    #expect(credit == total)
    #expect(queue.bufferedBytes == 0)
  }
}
