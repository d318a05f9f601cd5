/// One row of a table of settings `server.<name>`: what it is called, which property it sets, what it may be, and its
/// sentence. What the property holds before is the default.
struct ServerSetting<Group> {
  private let read: (SettingsReader, inout Group) -> Void

  /// Reads every setting of a table.
  static func read(_ table: [ServerSetting], of group: inout Group, _ settings: SettingsReader) {
    for setting in table { setting.read(settings, &group) }
  }

  /// A number of things.
  static func count(
    _ name: String,
    _ property: WritableKeyPath<Group, Int>,
    from minimum: Int = 1,
    _ sentence: String
  ) -> ServerSetting {
    ServerSetting { settings, group in
      let range = minimum...10_000_000
      group[keyPath: property] = settings.value(
        "server.\(name)",
        default: group[keyPath: property],
        in: range,
        shared: true,
        sentence
      )
    }
  }

  /// Whether something holds.
  static func flag(_ name: String, _ property: WritableKeyPath<Group, Bool>, _ sentence: String) -> ServerSetting {
    ServerSetting { settings, group in
      group[keyPath: property] = settings.value(
        "server.\(name)",
        default: group[keyPath: property],
        shared: true,
        sentence
      )
    }
  }

  /// A number of bytes.
  static func size(
    _ name: String,
    _ property: WritableKeyPath<Group, Int>,
    in range: ClosedRange<ByteCount> = .kibibytes(1)...(.mebibytes(1024)),
    _ sentence: String
  ) -> ServerSetting {
    ServerSetting { settings, group in
      let bytes = ByteCount(bytes: group[keyPath: property])
      group[keyPath: property] =
        settings.value("server.\(name)", default: bytes, in: range, shared: true, sentence).bytes
    }
  }

  /// A span of time, at most a week.
  static func time(
    _ name: String,
    _ property: WritableKeyPath<Group, Duration>,
    from minimum: Duration = .milliseconds(10),
    _ sentence: String
  ) -> ServerSetting {
    ServerSetting { settings, group in
      group[keyPath: property] = settings.value(
        "server.\(name)",
        default: group[keyPath: property],
        in: minimum...week,
        shared: true,
        sentence
      )
    }
  }

  /// A span of time, at most a week, that need not be; 0s stands for none.
  static func time(
    _ name: String,
    _ property: WritableKeyPath<Group, Duration?>,
    _ sentence: String
  ) -> ServerSetting {
    ServerSetting { settings, group in
      let time = settings.value(
        "server.\(name)",
        default: group[keyPath: property] ?? .zero,
        in: Duration.zero...week,
        shared: true,
        sentence
      )
      group[keyPath: property] = time == .zero ? nil : time
    }
  }

  private static var week: Duration { .seconds(7 * 86_400) }
}
