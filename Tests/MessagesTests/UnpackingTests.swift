import SeededRandomness
import TestAPI
import Testing

@testable import Messages

/// The two decoders: a fast one for usual messages, and protobuf-c's for all.
@Suite("The two ways of decoding")
struct UnpackingTests {
  private typealias All = ProtobufTestMessagesProto3.TestAllTypesProto3

  private static func usual<Value: Message>(_ type: Value.Type, _ bytes: [UInt8], _ arena: Arena) throws -> Value? {
    defer { arena.reset() }
    return try bytes.withUnsafeBytes { bytes in
      let decoder = MessageDecoder(type: type.messageType, arena: arena, limits: .defaults)
      return try decoder.decodeUsual(bytes).map { try Value(copying: $0) }
    }
  }

  private static func any<Value: Message>(_ type: Value.Type, _ bytes: [UInt8], _ arena: Arena) throws -> Value {
    defer { arena.reset() }
    return try bytes.withUnsafeBytes { bytes in
      try Value(copying: MessageDecoder(type: type.messageType, arena: arena, limits: .defaults).decodeAny(bytes))
    }
  }

  @Test("give the same message wherever the fast one gives any", arguments: [UInt64.random(in: 0 ... .max), 1, 2])
  func same(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let arena = Arena()
    var decoded = 0
    for round in 0..<2000 {
      let sample = MutationTests.samples.randomElement(using: &random) ?? []
      let bytes = round % 4 == 0 ? sample : MutationTests.mutated(sample, &random)
      let comment: Comment = "seed \(seed), round \(round), bytes \(bytes)"
      decoded += try check(All.self, bytes, arena, comment)
      decoded += try check(TestingV1.Scalars.self, bytes, arena, comment)
      decoded += try check(TestingV1.RepeatedScalars.self, bytes, arena, comment)
      decoded += try check(TestingV1.Maps.self, bytes, arena, comment)
      decoded += try check(TestingV1.Choice.self, bytes, arena, comment)
      decoded += try check(TestingV1.Tree.self, bytes, arena, comment)
    }
    #expect(decoded > 500, "the fast way has hardly been tried; seed \(seed)")
  }

  /// - Returns: 1 when the fast decoder was used.
  private func check<Value: Message>(
    _ type: Value.Type,
    _ bytes: [UInt8],
    _ arena: Arena,
    _ comment: Comment
  ) throws -> Int {
    let usual: Value?
    do {
      usual = try Self.usual(type, bytes, arena)
    } catch let error as MessageError {
      #expect(throws: error, comment) { try Self.any(type, bytes, arena) }
      return 1
    }
    guard let usual else { return 0 }
    let any = try Self.any(type, bytes, arena)
    #expect(try usual.serializedBytes() == any.serializedBytes(), comment)
    return 1
  }

  @Test("the fast one takes every kind of field, packed or not")
  func fast() throws {
    let message = All(
      optionalInt32: -1,
      optionalSint64: -9,
      optionalFixed32: 7,
      optionalBool: true,
      optionalString: "会员 and more than fifteen bytes",
      optionalBytes: [1, 0, 2],
      repeatedInt32: [1, -1, 300, 4, 5, 6, 7, 8, 9],
      repeatedDouble: [1, 2],
      repeatedBool: [true, false],
      repeatedString: ["a", "", "b"],
      mapStringString: ["k": "v"]
    )
    let bytes = try message.serializedBytes()
    #expect(try Self.usual(All.self, bytes, Arena()) == message)
    let unpacked = Wire().varint(31, 1).varint(31, 2).varint(31, 3).varint(31, 4).varint(31, 5).bytes
    #expect(try Self.usual(All.self, unpacked, Arena())?.repeatedInt32 == [1, 2, 3, 4, 5])
  }

  @Test("the fast one rejects unknown fields, and frees its memory")
  func unusual() throws {
    let cases: [[UInt8]] = [
      Wire().varint(9999, 1).bytes,
      Wire().fixed64(1, 1).bytes,
      Wire().bytes(18, [0x08, 1]).bytes(18, [0x08, 2]).bytes,
      Wire().bytes(14, [1, 2, 3]).bytes.dropLast(),
      [0],
    ].map { Array($0) }
    for bytes in cases {
      let arena = Arena()
      bytes.withUnsafeBytes { bytes in
        let decoder = MessageDecoder(type: All.messageType, arena: arena, limits: .defaults)
        #expect(decoder.decodeUsual(bytes) == nil)
      }
      #expect(arena.bytesUsed == 0)
    }
  }
}
