import Foundation

/// The services of a suite, in the order in which they are listed. What is said of them is said in services/catalogue.json,
/// which is built into this library.
package enum ServiceCatalogue {
  private struct File: Decodable {
    var services: [CatalogueEntry]
  }

  /// All services.
  package static let services: [CatalogueEntry] = {
    do {
      return try JSONDecoder().decode(File.self, from: Data(PackageResources.catalogue_json)).services
    } catch {
      preconditionFailure("services/catalogue.json: \(error)")
    }
  }()

  /// The names of all services.
  package static let names = services.map(\.name)

  /// The names of the services that own data, which are also those of their roles and schemas.
  package static let databaseOwners = services.filter(\.ownsDatabase).map(\.name)

  /// Returns the entry of a service; there must be one.
  package static func entry(of name: String) -> CatalogueEntry {
    guard let entry = services.first(where: { $0.name == name }) else {
      preconditionFailure("services/catalogue.json has no \(name)")
    }
    return entry
  }
}
