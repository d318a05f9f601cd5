import Configuration
import Foundation
import Synchronization

/// A service's settings, read from the command line, the environment and the YAML file, and checked.
struct ServiceConfiguration<Settings: SettingsGroup>: Sendable {
  /// What the command line asks for.
  let command: FlagScanner.Command
  /// Nil when the command needs no settings (`--help`, `--version`).
  let settings: Settings?
  /// Everything there is to set.
  let declarations: [SettingDeclaration]
  /// Everything as it holds now.
  let effective: [SettingsReader.Effective]

  /// The setting that names the YAML file.
  static var fileKey: String { "config" }

  /// - Throws: ``ConfigurationError`` with everything that is wrong.
  init(service: String, arguments: [String], environment: [String: String]) async throws {
    let names = SettingNames(service: service)
    let draft = SettingsReader(names: names, sources: [])
    _ = Self.filePath(draft)
    _ = Settings(draft)
    declarations = draft.declarations

    let scanner = FlagScanner(arguments, declarations: declarations, names: names)
    command = scanner.command
    guard command == .run || command == .checkConfiguration else {
      settings = nil
      effective = []
      return
    }
    var problems = scanner.problems
    problems += Self.unknownVariables(environment, declarations: declarations, names: names)
    var sources = Self.processSources(flags: scanner.flags, environment: environment, names: names)
    if let path = Self.filePath(SettingsReader(names: names, sources: sources)) {
      do {
        let file = try await Self.fileSource(path: path)
        sources.append(file.source)
        problems += Self.unknownKeys(file.keys, path: path, declarations: declarations)
      } catch {
        problems.append("the configuration file \(path) cannot be used: \(error)")
      }
    }
    let reader = SettingsReader(names: names, sources: sources)
    _ = Self.filePath(reader)
    settings = Settings(reader)
    effective = reader.effective
    problems += reader.problems
    guard problems.isEmpty else { throw ConfigurationError(problems: problems) }
  }

  private static func filePath(_ reader: SettingsReader) -> String? {
    reader.optional(fileKey, as: String.self, "YAML file with settings. Flags and environment variables win over it.")
  }

  private static func processSources(
    flags: [String],
    environment: [String: String],
    names: SettingNames
  ) -> [ConfigurationSource] {
    let arguments = CommandLineArgumentsProvider(arguments: [names.service] + flags)
    let variables = EnvironmentVariablesProvider(environmentVariables: environment)
    let prefix = ConfigKey(["PATRON", names.service])
    return [
      ConfigurationSource(place: .flags, provider: arguments),
      ConfigurationSource(place: .environment, provider: variables.prefixKeys(with: prefix)),
      ConfigurationSource(place: .sharedEnvironment, provider: variables.prefixKeys(with: ConfigKey(["PATRON"]))),
    ]
  }

  /// The parser asks about every key whether it is secret, which tells us the keys.
  private static func fileSource(path: String) async throws -> (source: ConfigurationSource, keys: [String]) {
    let keys = KeyCollector()
    let options = YAMLSnapshot.ParsingOptions(secretsSpecifier: .dynamic { key, _ in keys.note(key) })
    let location = InMemoryProvider(values: ["filePath": ConfigValue(.string(path), isSecret: false)])
    let provider = try await FileProvider<YAMLSnapshot>(
      parsingOptions: options,
      config: ConfigReader(provider: location)
    )
    return (ConfigurationSource(place: .file(path: path), provider: provider), keys.all)
  }

  private static func unknownKeys(_ keys: [String], path: String, declarations: [SettingDeclaration]) -> [String] {
    let known = Set(declarations.map(\.key)).subtracting([fileKey])
    return keys.filter { !known.contains($0) }.sorted().map { key in
      "unknown key \(key) in \(path)\(NearestName.hint(key, among: known))"
    }
  }

  private static func unknownVariables(
    _ environment: [String: String],
    declarations: [SettingDeclaration],
    names: SettingNames
  ) -> [String] {
    let known = Set(declarations.map { names.environment($0.key) })
    let unknown = environment.keys.filter { $0.hasPrefix(names.servicePrefix) && !known.contains($0) }
    return unknown.sorted().map { name in
      "unknown environment variable \(name)\(NearestName.hint(name, among: known))"
    }
  }
}

/// Takes down the keys of a file while it is parsed.
private final class KeyCollector: Sendable {
  private let keys = Mutex<[String]>([])

  var all: [String] { keys.withLock { $0 } }

  /// Returns false: no key of the file is a secret.
  func note(_ key: String) -> Bool {
    keys.withLock { $0.append(key) }
    return false
  }
}

/// A struct whose members are settings. Its initialiser reads each of them once, which also declares it: its name,
/// type, default, unit and the sentence that `--help` prints.
///
/// ```swift
/// struct MembersSettings: SettingsGroup {
///   let nameLengthMaximum: Int
///   init(_ settings: SettingsReader) {
///     nameLengthMaximum = settings.value("nameLengthMaximum", default: 80, in: 1...200, "Longest name in characters.")
///   }
/// }
/// ```
public protocol SettingsGroup: Sendable {
  /// Reads every setting of the group. Never fails: the reader collects what is wrong.
  init(_ settings: SettingsReader)
}

/// The settings of a service that has none of its own.
public struct NoSettings: SettingsGroup {
  /// Reads nothing.
  public init(_ settings: SettingsReader) {}
}
