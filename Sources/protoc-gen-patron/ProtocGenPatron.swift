import Foundation
import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// The generator of Patron's message and service code.
///
/// Without arguments it is a protoc plugin (see ``PatronGenerator``). `protoc-gen-patron prepare-c IN OUT`
/// rewrites a descriptor set so that protoc-c understands it, and `protoc-gen-patron openapi …` writes the OpenAPI document
/// (see ``OpenAPICommand``).
@main
struct ProtocGenPatron {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    if arguments.first == "openapi" { return try OpenAPICommand.run(Array(arguments.dropFirst())) }
    guard arguments.first == "prepare-c", arguments.count == 3 else {
      PatronGenerator().main(Array(arguments))
      return
    }
    var set = try Google_Protobuf_FileDescriptorSet(
      serializedBytes: Data(contentsOf: URL(fileURLWithPath: arguments[2]))
    )
    DescriptorPreparation.prepare(&set)
    try set.serializedData().write(to: URL(fileURLWithPath: arguments[3]))
  }
}
