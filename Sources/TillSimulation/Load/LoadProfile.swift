/// The peak of a chain of some size: the checkouts of the busiest minute before a holiday, all stores together.
package struct LoadProfile: Hashable, Sendable {
  /// What it is called: "stores-1000".
  package let name: String
  package let storeCount: Int
  /// Checkouts a second.
  package let rate: Double
  /// Members of the load, unless the operator says otherwise: about a hundred a store, so that few shop twice in a
  /// minute and preparing them takes minutes, not hours.
  package let memberCount: Int

  /// The profiles by size of chain: about one checkout a second for every three stores.
  package static let all = [
    LoadProfile(name: "stores-100", storeCount: 100, rate: 37, memberCount: 10_000),
    LoadProfile(name: "stores-1000", storeCount: 1_000, rate: 373, memberCount: 100_000),
    LoadProfile(name: "stores-2742", storeCount: 2_742, rate: 922, memberCount: 250_000),
    LoadProfile(name: "stores-10750", storeCount: 10_750, rate: 3_952, memberCount: 1_000_000),
  ]

  /// The profile with this name.
  package static func named(_ name: String) throws(LoadError) -> LoadProfile {
    guard let profile = all.first(where: { $0.name == name }) else {
      throw LoadError("There is no profile \"\(name)\". There are \(all.map(\.name).joined(separator: ", ")).")
    }
    return profile
  }
}
