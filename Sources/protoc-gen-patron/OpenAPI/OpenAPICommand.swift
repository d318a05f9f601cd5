import Foundation
import SwiftProtobuf

/// `protoc-gen-patron openapi SET OUT SERVICES REASONS…`: writes the OpenAPI document of the gateway.
enum OpenAPICommand {
  /// Runs the command.
  ///
  /// - Parameter arguments: A descriptor set with comments, the file to write, the full names of the gateway's own services
  ///   separated by commas, and the Swift files with enums of reasons.
  static func run(_ arguments: [String]) throws {
    guard arguments.count > 3 else {
      throw GeneratorOptions.InvalidOption(description: "openapi SET OUT SERVICE,… REASONS.swift…")
    }
    let set = try Google_Protobuf_FileDescriptorSet(
      serializedBytes: Data(contentsOf: URL(fileURLWithPath: arguments[0]))
    )
    let document = try DocumentGenerator(
      set,
      served: arguments[2].split(separator: ",").map(String.init),
      reasons: ReasonCatalogue(files: Array(arguments.dropFirst(3)))
    )
    .document()
    try Data(document.utf8).write(to: URL(fileURLWithPath: arguments[1]))
  }
}
