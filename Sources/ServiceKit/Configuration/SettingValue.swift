public import Logging

/// A type that a setting can have: it is written as text in a flag, an environment variable or a YAML file.
public protocol SettingValue: Sendable {
  /// What `--help` calls the type, for example `duration` or `json|human`.
  static var settingKind: String { get }
  /// Reads the text, or says in a clause what it must be ("must be …").
  init(settingText: String) throws(SettingMalformed)
  /// The text that reads back as this value.
  var settingText: String { get }
}

/// Why a text is not a value of the setting's type.
public struct SettingMalformed: Error, Hashable, Sendable {
  /// A clause that follows the setting's name: "must be a duration such as 250ms, 5s or 2m".
  public let clause: String

  /// Says what the text must be.
  public init(_ clause: String) {
    self.clause = clause
  }
}

extension String: SettingValue {
  /// `text`
  public static var settingKind: String { "text" }
  /// Any text is a text.
  public init(settingText: String) { self = settingText }
  /// The text itself.
  public var settingText: String { self }
}

extension Int: SettingValue {
  /// `number`
  public static var settingKind: String { "number" }
  /// Reads decimal digits.
  public init(settingText: String) throws(SettingMalformed) {
    guard let value = Int(settingText) else { throw SettingMalformed("must be a whole number") }
    self = value
  }
  /// Decimal digits.
  public var settingText: String { String(self) }
}

extension Double: SettingValue {
  /// `decimal`
  public static var settingKind: String { "decimal" }
  /// Reads a finite decimal number.
  public init(settingText: String) throws(SettingMalformed) {
    guard let value = Double(settingText), value.isFinite else { throw SettingMalformed("must be a decimal number") }
    self = value
  }
  /// The shortest text that reads back as the same number.
  public var settingText: String { String(self) }
}

extension Bool: SettingValue {
  /// `true|false`
  public static var settingKind: String { "true|false" }
  /// Reads true, false, yes, no, on, off, 1 or 0.
  public init(settingText: String) throws(SettingMalformed) {
    switch settingText.lowercased() {
    case "true", "yes", "on", "1": self = true
    case "false", "no", "off", "0": self = false
    default: throw SettingMalformed("must be true or false")
    }
  }
  /// `true` or `false`.
  public var settingText: String { String(self) }
}

extension SettingValue where Self: RawRepresentable<String> & CaseIterable {
  /// The cases, separated by bars.
  public static var settingKind: String { allCases.map(\.rawValue).joined(separator: "|") }
  /// Reads the name of a case.
  public init(settingText: String) throws(SettingMalformed) {
    guard let value = Self(rawValue: settingText) else {
      throw SettingMalformed("must be one of \(Self.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    self = value
  }
  /// The name of the case.
  public var settingText: String { rawValue }
}

extension Logger.Level: SettingValue {}

/// A value that must not be shown: printing it, logging it or dumping it gives three stars.
public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The value itself. Pass it where it is needed, nowhere else.
  public let value: String

  /// Wraps a value.
  public init(_ value: String) {
    self.value = value
  }

  /// Three stars.
  public var description: String { "***" }
  /// Three stars.
  public var debugDescription: String { "***" }
  /// Nothing to see for `dump` and `Mirror`.
  public var customMirror: Mirror { Mirror(self, children: [], displayStyle: .struct) }
}
