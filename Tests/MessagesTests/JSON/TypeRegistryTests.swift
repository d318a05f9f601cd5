import CommonProto
import Messages
import TestAPI
import Testing

@Suite("Type registries")
struct TypeRegistryTests {
  @Test("know the messages of a module and of what it imports, map entries left out")
  func names() {
    let names = TypeRegistry.testAPI.messageNames
    #expect(Set(names).isSuperset(of: ["patron.testing.v1.Outer.Middle.Inner", "google.protobuf.Struct"]))
    #expect(!names.contains { $0.hasSuffix("Entry") })
  }

  @Test("decide which messages an Any may hold")
  func joined() throws {
    let url = "type.googleapis.com/patron.testing.v1.OldScalars"
    let any = GoogleProtobuf.AnyMessage(typeUrl: url, value: [])
    #expect(throws: MessageError(.unknownType, "$")) { try any.json() }
    let types = TypeRegistry(FileDescriptors(joining: [.commonProto, .testAPI]))
    #expect(try any.json(types: types) == #"{"@type":"\#(url)"}"#)
  }

  @Test("must know the message itself")
  func unknownMessage() {
    #expect(throws: MessageError(.unknownType, "patron.testing.v1.Nothing")) {
      try TestingV1.Nothing().json(types: .commonProto)
    }
  }
}
