import Messages
import TestAPI
import Testing

@Suite("Optional fields")
struct PresenceTests {
  @Test("that are not set stay nil")
  func absent() throws {
    let message = TestingV1.OptionalScalars()
    #expect(try message.serializedBytes() == [])
    #expect(try TestingV1.OptionalScalars(serializedBytes: []).int32Value == nil)
  }

  @Test("that are set to their default are on the wire")
  func presentDefaults() throws {
    let message = TestingV1.OptionalScalars(
      doubleValue: 0,
      floatValue: 0,
      int32Value: 0,
      int64Value: 0,
      uint32Value: 0,
      uint64Value: 0,
      sint32Value: 0,
      sint64Value: 0,
      fixed32Value: 0,
      fixed64Value: 0,
      sfixed32Value: 0,
      sfixed64Value: 0,
      boolValue: false,
      stringValue: "",
      bytesValue: [],
      colour: .unspecified,
      scalars: TestingV1.Scalars()
    )
    let copy = try TestingV1.OptionalScalars(serializedBytes: message.serializedBytes())
    #expect(copy == message)
    #expect(copy.stringValue == "")
    #expect(copy.scalars == TestingV1.Scalars())
  }

  @Test("given twice have the last value")
  func lastOneWins() throws {
    let wire = Wire().varint(3, 7).varint(3, 0)
    #expect(try TestingV1.OptionalScalars(serializedBytes: wire.bytes).int32Value == 0)
  }
}
