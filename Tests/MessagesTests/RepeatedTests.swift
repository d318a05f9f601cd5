import Messages
import TestAPI
import Testing

@Suite("Repeated fields")
struct RepeatedTests {
  private static let full = TestingV1.RepeatedScalars(
    doubleValues: [1, -2.5],
    floatValues: [0, 3],
    int32Values: [0, -1, .max],
    int64Values: [.min, 0, 5],
    uint32Values: [0, .max],
    uint64Values: [0, .max],
    sint32Values: [.min, .max],
    sint64Values: [.min, .max],
    fixed32Values: [1],
    fixed64Values: [2],
    sfixed32Values: [-3],
    sfixed64Values: [-4],
    boolValues: [true, false, true],
    stringValues: ["", "a", "会员"],
    bytesValues: [[], [1], [2, 3]],
    colours: [.red, .anti, TestingV1.Colour(rawValue: 77)],
    scalars: [TestingV1.Scalars(), TestingV1.Scalars(int32Value: 1)]
  )

  @Test("come back as they were sent")
  func roundTrip() throws {
    #expect(try TestingV1.RepeatedScalars(serializedBytes: Self.full.serializedBytes()) == Self.full)
  }

  @Test("of numbers are packed")
  func packed() throws {
    let message = TestingV1.RepeatedScalars(int32Values: [1, 2])
    #expect(try message.serializedBytes() == Wire().bytes(3, [1, 2]).bytes)
  }

  @Test("marked as not packed have a tag each")
  func unpacked() throws {
    let message = TestingV1.UnpackedScalars(int32Values: [1, 2])
    #expect(try message.serializedBytes() == Wire().varint(3, 1).varint(3, 2).bytes)
  }

  @Test("are accepted packed, unpacked and mixed, whatever the type says")
  func bothForms() throws {
    let wire = Wire().varint(3, 1).bytes(3, [2, 3]).varint(3, 4).varint(13, 1).bytes(13, [0, 1]).bytes(16, [1, 2])
    let packed = try TestingV1.RepeatedScalars(serializedBytes: wire.bytes)
    let unpacked = try TestingV1.UnpackedScalars(serializedBytes: wire.bytes)
    #expect(packed.int32Values == [1, 2, 3, 4])
    #expect(packed.boolValues == [true, false, true])
    #expect(unpacked.int32Values == packed.int32Values)
    #expect(unpacked.boolValues == packed.boolValues)
    #expect(unpacked.colours == [.red, .green])
  }

  @Test("of booleans accept a packed varint of several bytes")
  func longBooleans() throws {
    let wire = Wire().bytes(13, [0x80, 0x01, 0, 0x05, 0x80, 0x00])
    #expect(try TestingV1.RepeatedScalars(serializedBytes: wire.bytes).boolValues == [true, false, true, false])
  }

  @Test("may be packed with nothing in them")
  func emptyPacked() throws {
    let wire = Wire().bytes(1, []).bytes(3, []).bytes(13, [])
    #expect(try TestingV1.RepeatedScalars(serializedBytes: wire.bytes) == TestingV1.RepeatedScalars())
  }
}
