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
