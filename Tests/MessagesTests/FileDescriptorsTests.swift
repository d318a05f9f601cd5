import CommonProto
import GRPCProto
import Messages
import TestAPI
import Testing

@Suite("File descriptors")
struct FileDescriptorsTests {
  private let descriptors = FileDescriptors.testAPI

  @Test("know every file of the module and what it imports")
  func files() throws {
    let file = try #require(descriptors.file(named: "patron/testing/v1/echo.proto"))
    #expect(file.package == "patron.testing.v1")
    #expect(file.dependencies == ["google/protobuf/duration.proto", "google/protobuf/timestamp.proto"])
    #expect(descriptors.file(named: "google/protobuf/timestamp.proto") != nil)
    #expect(descriptors.file(named: "nowhere.proto") == nil)
  }

  @Test(
    "find the file of a symbol",
    arguments: [
      "patron.testing.v1.EchoService", "patron.testing.v1.EchoService.Echo", "patron.testing.v1.LineItem.sku",
    ]
  )
  func symbols(symbol: String) {
    #expect(descriptors.file(declaring: symbol)?.name == "patron/testing/v1/echo.proto")
  }

  @Test("find nested types, oneofs and enum values")
  func nestedSymbols() {
    for symbol in ["Outer.Middle.Inner.Level", "Choice.value", "COLOUR_RED", "Outer.Middle.Inner.LEVEL_LOW"] {
      #expect(descriptors.file(declaring: "patron.testing.v1.\(symbol)")?.name == "patron/testing/v1/everything.proto")
    }
    #expect(descriptors.file(declaring: "patron.testing.v1.Missing") == nil)
  }

  @Test("give a file with everything it imports")
  func closure() {
    let names = descriptors.closure(ofFile: "patron/testing/v1/everything.proto").map(\.name)
    #expect(names.first == "patron/testing/v1/everything.proto")
    #expect(Set(names).isSuperset(of: ["patron/testing/v1/echo.proto", "google/protobuf/any.proto"]))
    #expect(names.count == Set(names).count)
  }

  @Test("list the services")
  func services() {
    #expect(
      descriptors.services == [
        "connectrpc.conformance.v1.ConformanceService", "grpc.testing.TestService",
        "grpc.testing.UnimplementedService", "patron.testing.v1.EchoService",
      ]
    )
    #expect(FileDescriptors.grpcProto.services.contains("grpc.health.v1.Health"))
  }

  @Test("of two modules can be joined")
  func joined() {
    let all = FileDescriptors(joining: [.grpcProto, .commonProto, .testAPI])
    #expect(all.file(declaring: "patron.testing.v1.Tree") != nil)
    #expect(all.file(declaring: "grpc.health.v1.Health") != nil)
    #expect(all.files.count == Set(all.files.map(\.name)).count)
  }
}
