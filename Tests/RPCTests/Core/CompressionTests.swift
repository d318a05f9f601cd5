import Testing

@testable import RPC

@Suite("gzip, without sockets (row 9)")
struct CompressionTests {
  /// Compresses a message without a frame header.
  private func packed(_ message: [UInt8]) throws -> [UInt8] {
    let frame = try #require(FrameHeader.frame(message).withUnsafeBytes { GzipDeflater().frame($0) })
    return Array(frame.dropFirst(FrameHeader.length))
  }

  @Test("a packed frame is marked, smaller, and unpacks to the message", arguments: [1000, 100_000])
  func roundTrip(_ count: Int) throws {
    let message = (0..<count).map { UInt8($0 % 7) }
    let frame = FrameHeader.frame(message)
    let packed = try #require(frame.withUnsafeBytes { Gzip.pack($0, bytesMinimum: 1000) })
    #expect(packed.count < frame.count)
    var reader = FrameReader(messageBytesMaximum: count)
    let read = try packed.withUnsafeBytes { bytes in
      var rest = bytes
      return try reader.next(from: &rest)
    }
    #expect(read?.isCompressed == true)
    #expect(try Gzip.unpack(read?.bytes ?? [], upTo: count) == message)
  }

  @Test("a message below the threshold, or one that gzip does not make smaller, goes as it is")
  func notWorthwhile() {
    let small = FrameHeader.frame([UInt8](repeating: 1, count: 999))
    #expect(small.withUnsafeBytes { Gzip.pack($0, bytesMinimum: 1000) } == nil)
    var random = SystemRandomNumberGenerator()
    let noise = FrameHeader.frame((0..<2000).map { _ in UInt8.random(in: 0...255, using: &random) })
    #expect(noise.withUnsafeBytes { Gzip.pack($0, bytesMinimum: 1000) } == nil)
    #expect(FrameHeader.frame([]).withUnsafeBytes { Gzip.pack($0, bytesMinimum: 0) } == nil)
  }

  @Test("one coder packs and unpacks message after message, whatever became of the last")
  func reuse() throws {
    let inflater = GzipInflater()
    let message = [UInt8](repeating: 5, count: 5000)
    let bytes = try packed(message)
    for _ in 0..<3 {
      #expect(throws: GzipInflater.Failure.malformed) { try inflater.inflate([1, 2, 3], upTo: 100) }
      #expect(try inflater.inflate(bytes, upTo: 5000) == message)
      #expect(throws: GzipInflater.Failure.tooLarge) { try inflater.inflate(bytes, upTo: 4999) }
    }
  }

  @Test("a bomb is found out while it unpacks: its end is never looked at")
  func bomb() throws {
    let bomb = try packed([UInt8](repeating: 0, count: 16 << 20)).dropLast(1000)
    #expect(throws: GzipInflater.Failure.tooLarge) { try GzipInflater().inflate(Array(bomb), upTo: 1 << 20) }
  }

  @Test("what is cut short, damaged or followed by something else is malformed")
  func malformed() throws {
    let bytes = try packed([UInt8](repeating: 5, count: 5000))
    var damaged = bytes
    damaged[damaged.count - 5] ^= 1
    for wrong in [[], Array(bytes.dropLast()), damaged, bytes + [0]] {
      #expect(throws: GzipInflater.Failure.malformed) { try GzipInflater().inflate(wrong, upTo: 5000) }
    }
  }

  @Test("gzip of several members is one message, under one limit")
  func members() throws {
    let bytes = try packed([UInt8](repeating: 5, count: 500))
    #expect(try GzipInflater().inflate(bytes + bytes, upTo: 1000) == [UInt8](repeating: 5, count: 1000))
    #expect(throws: GzipInflater.Failure.tooLarge) { try GzipInflater().inflate(bytes + bytes, upTo: 999) }
  }

  @Test(
    "grpc-accept-encoding is a list",
    arguments: [
      ("gzip", true), ("identity, deflate, gzip", true), ("gzip,identity", true), ("identity\t,\tgzip ", true),
      ("", false), ("identity", false), ("gzipx,xgzip", false), (",,", false), ("gz ip", false),
    ]
  )
  func acceptEncoding(_ list: String, _ namesGzip: Bool) {
    #expect(Array(list.utf8).withUnsafeBytes { AcceptEncoding.namesGzip($0) } == namesGzip)
  }
}
