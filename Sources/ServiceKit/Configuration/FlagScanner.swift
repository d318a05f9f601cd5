/// Reads a command line against the settings that are known.
struct FlagScanner {
  /// What the command line asks for instead of running.
  enum Command: Sendable { case run, help, version, checkConfiguration }

  private(set) var command = Command.run
  /// Every flag as `--name=value`.
  private(set) var flags: [String] = []
  private(set) var problems: [String] = []

  private let names: SettingNames
  private let known: [String: SettingDeclaration]
  private static let commands: [String: Command] = [
    "--help": .help, "-h": .help, "--version": .version, "--check-config": .checkConfiguration,
  ]

  init(_ arguments: [String], declarations: [SettingDeclaration], names: SettingNames) {
    self.names = names
    known = Dictionary(declarations.map { (names.flag($0.key), $0) }, uniquingKeysWith: { first, _ in first })
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if let command = Self.commands[argument] {
        self.command = command
      } else if argument.hasPrefix("--") {
        scan(argument, &rest)
      } else {
        problems.append("unexpected argument \(argument): settings are written as --name value")
      }
    }
  }

  private mutating func scan(_ argument: String, _ rest: inout ArraySlice<String>) {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    guard let declaration = known[name] else {
      let candidates = known.filter { $0.value.role != .secret }.map(\.key) + Self.commands.keys
      problems.append("unknown flag \(name)\(NearestName.hint(name, among: candidates))")
      // What follows was meant as its value.
      if parts.count == 1, let value = rest.first, !value.hasPrefix("--") { rest.removeFirst() }
      return
    }
    guard declaration.role != .secret else {
      problems.append(SettingsReader.secretMisplaced(name, declaration.key, names))
      // The secret itself must not turn up as an unexpected argument.
      if parts.count == 1, let value = rest.first, !value.hasPrefix("--") { rest.removeFirst() }
      return
    }
    if parts.count == 2 {
      flags.append(argument)
    } else if declaration.isSwitch {
      flags.append("\(name)=true")
    } else if let value = rest.first, !value.hasPrefix("--") {
      flags.append("\(name)=\(value)")
      rest.removeFirst()
    } else {
      problems.append("\(name) needs a value: \(declaration.kind)")
    }
  }
}
