import Configuration

/// One place that values come from. Sources are asked in order; the first that has a value wins.
struct ConfigurationSource: Sendable {
  enum Place: Sendable, Hashable {
    case flags, environment, sharedEnvironment
    case file(path: String)
  }

  let place: Place
  let provider: any ConfigProvider

  /// The setting's name as it is spelled here.
  func spelling(of key: String, names: SettingNames) -> String {
    switch place {
    case .flags: names.flag(key)
    case .environment: names.environment(key)
    case .sharedEnvironment: names.sharedEnvironment(key)
    case .file(let path): "\(key) in \(path)"
    }
  }

  /// What this source says: nil when nothing. An empty environment variable says nothing.
  func texts(_ key: String) -> [String]? {
    let key = AbsoluteConfigKey(ConfigKey(key))
    switch place {
    case .flags, .file:
      return list(key) ?? text(key).map { [$0] }
    case .environment, .sharedEnvironment:
      return text(key).flatMap { $0.isEmpty ? nil : [$0] }
    }
  }

  private func text(_ key: AbsoluteConfigKey) -> String? {
    guard case .string(let text)? = try? provider.value(forKey: key, type: .string).value?.content else { return nil }
    return text
  }

  private func list(_ key: AbsoluteConfigKey) -> [String]? {
    guard case .stringArray(let list)? = try? provider.value(forKey: key, type: .stringArray).value?.content else {
      return nil
    }
    return list
  }
}

/// Everything that is wrong with a service's configuration, reported at once.
public struct ConfigurationError: Error, Sendable, CustomStringConvertible {
  /// One sentence per problem: which setting, where it was given, and what it must be.
  public let problems: [String]

  /// The problems, one a line.
  public var description: String { problems.joined(separator: "\n") }
}
