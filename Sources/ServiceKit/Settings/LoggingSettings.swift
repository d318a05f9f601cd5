public import Logging

/// What is logged, and how.
public struct LoggingSettings: SettingsGroup {
  /// The least severe level that is written.
  public let level: Logger.Level
  /// How a record is written.
  public let format: LogFormat
  /// Whether every finished call is logged.
  public let isAccessLogged: Bool

  /// Reads the group.
  public init(_ settings: SettingsReader) {
    level = settings.value("log.level", default: .info, shared: true, "Least severe level that is logged.")
    format = settings.value(
      "log.format",
      default: .json,
      shared: true,
      "json: one object a line, for collectors; human: text a line, for people."
    )
    isAccessLogged = settings.value(
      "log.access",
      default: false,
      shared: true,
      "Log every finished call (method, status, duration, trace; no contents). Failed ones are logged anyway."
    )
  }
}

/// How a log record is written.
public enum LogFormat: String, CaseIterable, SettingValue {
  /// One JSON object a line.
  case json
  /// Text for people, one line a record.
  case human
}
