import Foundation
import Logging
package import Postgres

/// Where a database is, in the parts of a connection URL.
package struct DatabaseAddress: Hashable, Sendable {
  /// A host name, or the folder of a unix socket.
  package var host: String
  package var port: Int
  var database: String
  /// Further parameters, such as sslmode.
  var parameters: [String: String] = [:]

  /// The URL for a role, in the form that libpq takes.
  package func url(role: String, password: String, database: String? = nil) -> String {
    let name = database ?? self.database
    let user = "\(Self.encoded(role)):\(Self.encoded(password))"
    var parameters = parameters
    var authority = "\(host):\(port)"
    if host.hasPrefix("/") {
      parameters["host"] = host
      parameters["port"] = String(port)
      authority = ""
    } else if host.contains(":") {
      authority = "[\(host)]:\(port)"
    }
    let query = parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\(Self.encoded($0.value))" }
    let suffix = query.isEmpty ? "" : "?" + query.joined(separator: "&")
    return "postgresql://\(user)@\(authority)/\(Self.encoded(name))\(suffix)"
  }

  private static func encoded(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(CharacterSet(charactersIn: "-._~"))) ?? ""
  }
}

extension Database {
  /// Connects by `configuration`, hands the database to `body`, and closes it, however that ends.
  ///
  /// - Parameters:
  ///   - grace: How long calls that `body` left running may take until they fail.
  ///   - graceAfterFailure: The same when `body` throws.
  package static func use<Value>(
    _ configuration: DatabaseConfiguration,
    grace: Duration = .seconds(10),
    graceAfterFailure: Duration = .seconds(10),
    _ body: (Database) async throws -> Value
  ) async throws -> Value {
    let database = Database(configuration: configuration, logger: .silent)
    do {
      let value = try await body(database)
      await database.shutdown(grace: grace)
      return value
    } catch {
      await database.shutdown(grace: graceAfterFailure)
      throw error
    }
  }
}
