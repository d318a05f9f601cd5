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
    var variables = names.environment(declaration.key)
    if declaration.isShared { variables += " or \(names.sharedEnvironment(declaration.key))" }
    let inFile = isSecret ? "Secret: not in the file, not as a flag." : "File: \(declaration.key)."
    return ["  \(title)", "      \(declaration.sentence) \(standing)", "      Environment: \(variables). \(inFile)"]
  }
}
