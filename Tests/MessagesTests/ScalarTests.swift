import Messages
import TestAPI
import Testing

@Suite("Scalar fields")
struct ScalarTests {
  private static let extremes: [TestingV1.Scalars] = [
    TestingV1.Scalars(),
    TestingV1.Scalars(
      doubleValue: .greatestFiniteMagnitude,
      floatValue: .greatestFiniteMagnitude,
      int32Value: .max,
      int64Value: .max,
      uint32Value: .max,
      uint64Value: .max,
      sint32Value: .max,
      sint64Value: .max,
      fixed32Value: .max,
      fixed64Value: .max,
      sfixed32Value: .max,
      sfixed64Value: .max,
      boolValue: true,
      stringValue: "text",
      bytesValue: [0, 255],
      colour: .infrared,
      farValue: .max
    ),
    TestingV1.Scalars(
      doubleValue: -.infinity,
      floatValue: .leastNonzeroMagnitude,
      int32Value: .min,
      int64Value: .min,
      uint32Value: 1,
      uint64Value: 1 << 63,
      sint32Value: .min,
      sint64Value: .min,
      fixed32Value: 1,
      fixed64Value: 1 << 63,
      sfixed32Value: .min,
      sfixed64Value: .min,
      stringValue: "a\0b — 会员",
      colour: .anti,
      farValue: -1
    ),
  ]

  @Test("come back as they were sent", arguments: extremes)
  func roundTrip(message: TestingV1.Scalars) throws {
    #expect(try TestingV1.Scalars(serializedBytes: message.serializedBytes()) == message)
  }

  @Test("at their defaults take no bytes")
  func defaults() throws {
    #expect(try TestingV1.Scalars().serializedBytes() == [])
    #expect(try TestingV1.Scalars(serializedBytes: []) == TestingV1.Scalars())
  }

  /// The bytes are what protoc 3.21 writes for the same values.
  @Test("have the bytes that protoc gives them")
  func bytesOfProtoc() throws {
    let message = TestingV1.Scalars(
      doubleValue: 1.5,
      floatValue: -2.25,
      int32Value: -1,
      int64Value: 1_000_000_007,
      uint32Value: 300,
      uint64Value: 1 << 40,
      sint32Value: -3,
      sint64Value: 4,
      fixed32Value: 5,
      fixed64Value: 6,
      sfixed32Value: -7,
      sfixed64Value: -8,
      boolValue: true,
      stringValue: "é",
      bytesValue: [1, 2],
      colour: .anti,
      farValue: 9
    )
    let expected = """
      09000000000000f83f15000010c018ffffffffffffffffff01208794ebdc0328ac0230808080808020380540084d0500000051060000000000\
      00005df9ffffff61f8ffffffffffffff68017202c3a97a0201028001ffffffffffffffffff01f8ffffff0f09
      """
    #expect(hexadecimal(try message.serializedBytes()) == expected)
  }

  @Test("keep a NaN")
  func notANumber() throws {
    let bytes = try TestingV1.Scalars(doubleValue: .nan, floatValue: .nan).serializedBytes()
    let message = try TestingV1.Scalars(serializedBytes: bytes)
    #expect(message.doubleValue.isNaN && message.floatValue.isNaN)
  }

  @Test("given twice have the last value")
  func lastOneWins() throws {
    let wire = Wire().varint(3, 1).text(14, "first").varint(3, 2).text(14, "")
    let message = try TestingV1.Scalars(serializedBytes: wire.bytes)
    #expect(message.int32Value == 2)
    #expect(message.stringValue == "")
  }

  @Test("of 32 bits take the low bits of a longer varint")
  func truncation() throws {
    let wire = Wire().varint(3, 0x1_0000_0005).varint(13, 1 << 50)
    let message = try TestingV1.Scalars(serializedBytes: wire.bytes)
    #expect(message.int32Value == 5)
    #expect(message.boolValue)
  }

  private func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }
}
