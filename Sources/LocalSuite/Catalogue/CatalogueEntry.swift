import Foundation

/// One service, as services/catalogue.json describes it. docs/architecture.md says what each field decides.
package struct CatalogueEntry: Decodable, Hashable, Sendable {
  /// The name of its folder, its executable, and its role and schema.
  package let name: String
  /// The distance of its ports from the gateway's.
  let portOffset: Int
  /// Parts of one stage start together, after those of the stages before.
  let startStage: Int
  /// Whether it owns a schema of PostgreSQL, and has a role that can touch nothing else.
  let ownsDatabase: Bool
  /// The services that it calls or follows.
  let peers: [String]
  /// The full names of the gRPC services that it serves.
  let apis: [String]
  /// The colour of its name on a terminal.
  let colour: Terminal.Colour

  /// The name of the library that its executable starts; its migrations lie in a bundle of that name.
  var library: String { name.prefix(1).uppercased() + name.dropFirst() + "Service" }
}

extension Terminal.Colour: Decodable {
  /// Reads a colour by its name.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let name = try container.decode(String.self)
    guard let colour = Self.allCases.first(where: { "\($0)" == name }) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "There is no colour \"\(name)\".")
    }
    self = colour
  }
}
