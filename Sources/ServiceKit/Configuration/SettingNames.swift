/// How one setting is spelled in each source.
struct SettingNames: Sendable {
  /// The service's name in environment variables, for example `MEMBERS`.
  let service: String

  init(service: String) {
    self.service = Self.upperCased(service)
  }

  /// `database.maximumConnections` → `--database-maximum-connections`
  func flag(_ key: String) -> String {
    "--" + Self.words(key).joined(separator: "-")
  }

  /// `database.maximumConnections` → `PATRON_MEMBERS_DATABASE_MAXIMUM_CONNECTIONS`
  func environment(_ key: String) -> String {
    servicePrefix + Self.upperCased(key)
  }

  /// `database.maximumConnections` → `PATRON_DATABASE_MAXIMUM_CONNECTIONS`
  func sharedEnvironment(_ key: String) -> String {
    "PATRON_" + Self.upperCased(key)
  }

  /// What this service's own variables begin with.
  var servicePrefix: String { "PATRON_\(service)_" }

  private static func upperCased(_ key: String) -> String {
    words(key).joined(separator: "_").uppercased()
  }

  /// The words of a dotted camelCase key, in lower case.
  private static func words(_ key: String) -> [String] {
    var words = [""]
    for character in key {
      if character == "." || character == "-" || character == "_" {
        words.append("")
      } else if character.isUppercase {
        words.append(character.lowercased())
      } else {
        words[words.count - 1].append(character)
      }
    }
    return words.filter { !$0.isEmpty }
  }
}
