import Foundation

/// A PostgreSQL server, and the role that may create roles and schemas on it.
package struct ServerAccess: Sendable {
  package var address: DatabaseAddress
  var role: String
  var password: String

  /// The URL of the role that administers.
  package func url(database: String? = nil) -> String {
    address.url(role: role, password: password, database: database)
  }

  init(address: DatabaseAddress, role: String, password: String) {
    self.address = address
    self.role = role
    self.password = password
  }

  /// Reads `postgresql://role:password@host:port/database?parameters`.
  init(url text: String) throws {
    let problem = SuiteError("PATRON_DATABASE_URL is not of the form postgresql://role:password@host:port/database")
    guard let parts = URLComponents(string: text), ["postgres", "postgresql"].contains(parts.scheme) else {
      throw problem
    }
    var parameters: [String: String] = [:]
    for item in parts.queryItems ?? [] { parameters[item.name] = item.value }
    let host = parts.host.flatMap { $0.isEmpty ? nil : $0 } ?? parameters.removeValue(forKey: "host") ?? "localhost"
    let port = parts.port ?? parameters.removeValue(forKey: "port").flatMap(Int.init) ?? 5432
    guard let role = parts.user ?? parameters.removeValue(forKey: "user"), !role.isEmpty else { throw problem }
    let name = String(parts.path.drop { $0 == "/" })
    address = DatabaseAddress(
      host: host.removingPercentEncoding ?? host,
      port: port,
      database: name.isEmpty ? "patron" : name,
      parameters: parameters
    )
    self.role = role
    password = parts.password ?? parameters.removeValue(forKey: "password") ?? ""
  }
}
