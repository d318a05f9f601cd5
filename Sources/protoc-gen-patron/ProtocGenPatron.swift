import Foundation
import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// The generator of Patron's message and service code.
///
/// Without arguments it is a protoc plugin (see ``PatronGenerator``). Two commands serve `scripts/generate`:
///
///     protoc-gen-patron prepare-c IN OUT   rewrites a descriptor set so that protoc-c understands it
///     protoc-gen-patron list SET           prints the names of the files in a descriptor set, one a line
@main
struct ProtocGenPatron {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    switch (arguments.first, arguments.count) {
    case ("prepare-c", 3):
      var set = try readSet(arguments[2])
      DescriptorPreparation.prepare(&set)
      try set.serializedData().write(to: URL(fileURLWithPath: arguments[3]))
    case ("list", 2):
      for file in try readSet(arguments[2]).file { print(file.name) }
    default:
      PatronGenerator().main(Array(arguments))
    }
  }

  private static func readSet(_ path: String) throws -> Google_Protobuf_FileDescriptorSet {
    try Google_Protobuf_FileDescriptorSet(serializedBytes: Data(contentsOf: URL(fileURLWithPath: path)))
  }
}
