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
  let isRequired: Bool
  let role: Role
  /// Whether `PATRON_<SETTING>` holds for every service that has no value of its own.
  let isShared: Bool
  let sentence: String

  /// A flag without a value means true.
  var isSwitch: Bool { role == .value && kind == Bool.settingKind }
}
