/// What `--help` and `--check-config` print.
enum HelpText {
  /// Every setting with its type, default, and names.
  static func help(
    service: String,
    version: String,
    summary: String,
    declarations: [SettingDeclaration]
  ) -> String {
    let names = SettingNames(service: service)
    var lines = [
      "\(service) \(version)", summary, "",
      "Usage: \(service) [--config FILE] [--setting value …]",
      "       \(service) --check-config | --help | --version", "",
      "A flag wins over the environment, the environment over the file, the file over the default.",
      "Exit codes: 0 ended as asked, 1 failed while running, 2 the configuration is wrong.", "", "Settings:",
    ]
    for declaration in declarations {
      lines.append("")
      lines += describe(declaration, names)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Every setting as it holds, and where it came from. Secrets are stars.
  static func effective(_ settings: [SettingsReader.Effective]) -> String {
    settings.map { "\($0.key) = \($0.text)\($0.spelling.map { " (\($0))" } ?? "")\n" }.joined()
  }

  private static func describe(_ declaration: SettingDeclaration, _ names: SettingNames) -> [String] {
    let isSecret = declaration.role == .secret
    let title = isSecret ? declaration.key : "\(names.flag(declaration.key)) \(declaration.kind)"
    let standing: String
    switch (declaration.defaultText, declaration.isRequired) {
    case (let text?, _): standing = "Default: \(text.isEmpty ? "empty" : text)."
    case (nil, true): standing = "Required."
    case (nil, false): standing = "No default."
    }
    let range = declaration.range.map { " From \($0)." } ?? ""
    var variables = names.environment(declaration.key)
    if declaration.isShared { variables += " or \(names.sharedEnvironment(declaration.key))" }
    let inFile = isSecret ? "Secret: not in the file, not as a flag." : "File: \(declaration.key)."
    return [
      "  \(title)", "      \(declaration.sentence) \(standing)\(range)", "      Environment: \(variables). \(inFile)",
    ]
  }
}

/// What is known about one setting: written once, where it is read.
struct SettingDeclaration: Sendable {
  enum Role: Sendable {
    /// One value, or several.
    case value, list
    /// A value that only the environment or a file of its own may hold.
    case secret
    /// The path of the file that holds a secret.
    case secretFile
  }

  /// The name in the YAML file, for example `database.maximumConnections`.
  let key: String
  let kind: String
  /// Nil when there is no default.
  let defaultText: String?
  /// The least and the greatest value, such as `1ms to 10m`. Nil when every value of the kind is allowed.
  let range: String?
  let isRequired: Bool
  let role: Role
  /// Whether `PATRON_<SETTING>` holds for every service that has no value of its own.
  let isShared: Bool
  let sentence: String

  /// A flag without a value means true.
  var isSwitch: Bool { role == .value && kind == Bool.settingKind }
}
