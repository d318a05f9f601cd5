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
