import Messages
import TestAPI
import Testing

@Suite("Malformed bytes")
struct MalformedTests {
  private static let malformed: [(String, [UInt8])] = [
    ("a tag that ends early", [0x80]),
    ("a tag of more than 32 bits", [0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 0x00]),
    ("a tag of six bytes (BadTag_OverlongVarint)", [0x98, 0x80, 0x80, 0x80, 0x80, 0x00, 0x05]),
    ("a tag of nine bytes", [0x98] + Array(repeating: 0x80, count: 7) + [0x00, 0x05]),
    ("a tag of 13 bytes", [0x98] + Array(repeating: 0x80, count: 11) + [0x00, 0x05]),
    ("an unknown field's tag of six bytes", [0x90, 0x80, 0x80, 0x80, 0x80, 0x00, 0x05]),
    ("a tag of six bytes in a group", [0x0b, 0x98, 0x80, 0x80, 0x80, 0x80, 0x00, 0x05, 0x0c]),
    ("a length of six bytes", [0x72, 0x81, 0x80, 0x80, 0x80, 0x80, 0x00, 0x61]),
    ("an unknown field's length of six bytes", [0xaa, 0x1f, 0x81, 0x80, 0x80, 0x80, 0x80, 0x00, 0x61]),
    ("field number 0", [0x00, 0x01]),
    ("field number 0 with a length", [0x02, 0x00]),
    ("a varint that never ends", [0x18] + Array(repeating: 0xff, count: 11)),
    ("a varint that ends early", [0x18, 0x80]),
    ("a length that ends early", [0x72]),
    ("a length beyond the end", [0x72, 0x05, 0x61]),
    ("a length of 2^63", [0x72] + Array(repeating: 0x80, count: 9) + [0x01]),
    ("a fixed32 that ends early", [0x4d, 1, 2, 3]),
    ("a fixed64 that ends early", [0x51, 1, 2, 3, 4, 5, 6, 7]),
    ("a group without an end", [0x0b, 0x08, 0x01]),
    ("a group with the end of another one", [0x0b, 0x14]),
    ("a group around a field that ends early", [0x0b, 0x0d, 0x01, 0x0c]),
    ("the end of a group", [0x0c]),
    ("wire type 6", [0x0e]),
    ("wire type 7", [0x0f]),
  ]

  @Test("are a typed error", arguments: malformed)
  func refused(name: String, bytes: [UInt8]) {
    #expect(throws: MessageError(.malformed, "patron.testing.v1.Scalars"), "\(name)") {
      try TestingV1.Scalars(serializedBytes: bytes)
    }
  }

  @Test("inside a nested message are a typed error", arguments: malformed)
  func refusedBelow(name: String, bytes: [UInt8]) {
    #expect(throws: MessageError.self, "\(name)") {
      try TestingV1.RepeatedScalars(serializedBytes: Wire().bytes(17, bytes).bytes)
    }
  }

  @Test("have tags and lengths of more than five bytes, numbers of more than ten; fewer are valid however long")
  func padded() throws {
    let tag = try TestingV1.Scalars(serializedBytes: [0x98, 0x80, 0x80, 0x80, 0x00, 0x05])
    #expect(tag == (try TestingV1.Scalars(serializedBytes: [0x18, 0x05])))
    let length = try TestingV1.Scalars(serializedBytes: [0x72, 0x81, 0x80, 0x80, 0x80, 0x00, 0x61])
    #expect(length == (try TestingV1.Scalars(serializedBytes: [0x72, 0x01, 0x61])))
    let number = try TestingV1.Scalars(serializedBytes: [0x18, 0x85] + Array(repeating: 0x80, count: 8) + [0x00])
    #expect(number == tag)
  }

  @Test("in packed lists are a typed error")
  func packedLists() {
    for wire in [
      Wire().bytes(1, [1, 2, 3]), Wire().bytes(2, [1]), Wire().bytes(3, [0x80]), Wire().bytes(6, [1, 0xff]),
    ] {
      #expect(throws: MessageError(.malformed, "patron.testing.v1.RepeatedScalars")) {
        try TestingV1.RepeatedScalars(serializedBytes: wire.bytes)
      }
    }
  }
}
