import Messages
import TestAPI
import Testing

@Suite("What a type does not know")
struct UnknownTests {
  @Test("unknown fields of every wire type survive a round trip")
  func fieldsSurvive() throws {
    let full = TestingV1.Scalars(
      doubleValue: 1,
      floatValue: 2,
      int32Value: -3,
      fixed64Value: 4,
      stringValue: "five",
      bytesValue: [6],
      farValue: 7
    )
    let old = try TestingV1.OldScalars(serializedBytes: full.serializedBytes())
    #expect(old.doubleValue == 1)
    #expect(!old.unknownFields.isEmpty)
    #expect(try TestingV1.Scalars(serializedBytes: old.serializedBytes()) == full)
  }

  @Test("a message without fields keeps everything")
  func nothing() throws {
    let wire = Wire().varint(1, 1).text(2, "x").fixed32(3, 3).fixed64(4, 4).varint(1, 2)
    let message = try TestingV1.Nothing(serializedBytes: wire.bytes)
    #expect(try message.serializedBytes() == wire.bytes)
  }

  @Test("unknown fields below the top level survive")
  func nested() throws {
    let wire = Wire().message(1, Wire().varint(77, 1))
    #expect(try TestingV1.Outer(serializedBytes: wire.bytes).serializedBytes() == wire.bytes)
  }

  @Test(
    "groups, and known fields of another wire type, are unknown fields",
    arguments: [
      ("a group", [0x0b, 0x0c]), ("a group in a group", [0x0b, 0x08, 0x01, 0x13, 0x0a, 0x01, 0x61, 0x14, 0x0c]),
      ("a string as a varint", [0x70, 0x01]), ("a boolean as a string", [0x6a, 0x01, 0x61]),
      ("a number as a fixed64", [0x19, 0, 0, 0, 0, 0, 0, 0, 0]), ("a number as a fixed32", [0x1d, 0, 0, 0, 0]),
      ("a known field as a group", [0x73, 0x74]),
    ] as [(String, [UInt8])]
  )
  func otherWireTypes(name: String, bytes: [UInt8]) throws {
    let known = Wire().fixed64(1, 0x3ff0_0000_0000_0000).bytes
    let message = try TestingV1.Scalars(serializedBytes: bytes + known)
    #expect(message.unknownFields.bytes == bytes, "\(name)")
    #expect(try message.serializedBytes() == known + bytes)
    let outer = Wire().bytes(17, known + bytes).bytes
    #expect(try TestingV1.RepeatedScalars(serializedBytes: outer).serializedBytes() == outer)
  }

  @Test("no unknown field is taken for one of the library's own")
  func envelopes() throws {
    let wire = Wire().bytes(19_999, Wire().text(14, "smuggled").bytes).varint(19_999, 1).bytes(19_999, [0xff])
    let message = try TestingV1.Scalars(serializedBytes: wire.bytes)
    #expect(message.stringValue.isEmpty)
    #expect(try message.serializedBytes() == wire.bytes)
  }

  @Test("groups lie inside each other only as deep as messages")
  func groupDepth() throws {
    let deep = { (depth: Int) in [UInt8](repeating: 0x0b, count: depth) + [UInt8](repeating: 0x0c, count: depth) }
    #expect(try TestingV1.Nothing(serializedBytes: deep(100)).serializedBytes() == deep(100))
    #expect(throws: MessageError(.malformed, "patron.testing.v1.Nothing")) {
      try TestingV1.Nothing(serializedBytes: deep(100_000))
    }
  }

  @Test("messages that differ only in unknown fields are not equal")
  func equality() throws {
    let one = try TestingV1.Nothing(serializedBytes: Wire().varint(1, 1).bytes)
    #expect(one != TestingV1.Nothing())
    #expect(one != (try TestingV1.Nothing(serializedBytes: Wire().varint(1, 2).bytes)))
  }

  @Test("an unknown enum value is kept and has no name")
  func enumValue() throws {
    let message = try TestingV1.Scalars(serializedBytes: Wire().varint(16, 12345).bytes)
    #expect(message.colour.rawValue == 12345)
    #expect(message.colour.name == nil)
    #expect(message.colour.description == "12345")
    #expect(try message.serializedBytes() == Wire().varint(16, 12345).bytes)
  }

  @Test("a known enum value has the name of the proto file; of two names the first")
  func enumNames() {
    #expect(TestingV1.Colour.infrared.description == "COLOUR_INFRARED")
    #expect(TestingV1.Colour.verdant.name == "COLOUR_GREEN")
    #expect(TestingV1.Colour.allKnownValues == [.unspecified, .red, .green, .infrared, .anti])
  }
}
