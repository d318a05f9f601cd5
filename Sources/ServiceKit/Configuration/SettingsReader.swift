import Foundation

/// Hands out the values of settings, notes which settings there are, and collects what is wrong with them.
///
/// Keys are dotted camelCase (`database.maximumConnections`): the path in the YAML file, from which the flag and the
/// environment variable follow. Used while a service starts, on one thread.
public final class SettingsReader {
  /// One setting as it holds now.
  struct Effective: Sendable {
    let key: String
    let text: String
    let spelling: String?
  }

  let names: SettingNames
  private let sources: [ConfigurationSource]
  private(set) var declarations: [SettingDeclaration] = []
  private(set) var effective: [Effective] = []
  private(set) var problems: [String] = []

  init(names: SettingNames, sources: [ConfigurationSource]) {
    self.names = names
    self.sources = sources
  }

  /// Reads a setting that has a default.
  ///
  /// - Parameters:
  ///   - key: The name in the YAML file.
  ///   - default: What holds when no source has a value, or a wrong one.
  ///   - range: What is allowed; a value outside it is a problem.
  ///   - shared: Whether `PATRON_<SETTING>` sets it for all services.
  ///   - sentence: What it does, with its unit, as `--help` prints it.
  public func value<Value: SettingValue>(
    _ key: String,
    default defaultValue: Value,
    in range: ClosedRange<Value>? = nil,
    shared: Bool = false,
    _ sentence: String
  ) -> Value {
    declare(key, Value.self, default: defaultValue.settingText, range: Self.text(range), shared: shared, sentence)
    return found(key, shared: shared, check: Self.within(range)) ?? defaulted(key, defaultValue)
  }

  /// Reads a setting that has a default and whose type has no order.
  public func value<Value: SettingValue>(
    _ key: String,
    default defaultValue: Value,
    shared: Bool = false,
    _ sentence: String
  ) -> Value {
    declare(key, Value.self, default: defaultValue.settingText, shared: shared, sentence)
    return found(key, shared: shared) ?? defaulted(key, defaultValue)
  }

  /// A duration without a range may be so short or so long that nothing works any more.
  @available(*, unavailable, message: "Give the range of a duration.")
  public func value(
    _ key: String,
    default defaultValue: Duration,
    shared: Bool = false,
    _ sentence: String
  ) -> Duration {
    defaultValue
  }

  /// Reads a setting that may be left out.
  public func optional<Value: SettingValue>(
    _ key: String,
    as type: Value.Type = Value.self,
    shared: Bool = false,
    _ sentence: String
  ) -> Value? {
    declare(key, Value.self, default: nil, shared: shared, sentence)
    return found(key, shared: shared)
  }

  /// Reads a setting that takes several values: repeated flags, or separated by commas, or a YAML sequence.
  public func values<Value: SettingValue>(
    _ key: String,
    default defaultValues: [Value],
    shared: Bool = false,
    _ sentence: String
  ) -> [Value] {
    let defaultText = defaultValues.map(\.settingText).joined(separator: ",")
    note(key, "\(Value.settingKind),…", default: defaultText, role: .list, shared: shared, sentence)
    guard let (source, texts) = lookUp(key, shared: shared) else { return noted(key, defaultText, nil, defaultValues) }
    let parts = texts.flatMap { $0.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } }
    let spelling = source.spelling(of: key, names: names)
    let values = parts.compactMap { parse($0, as: Value.self, spelling: spelling) }
    return noted(key, parts.joined(separator: ","), spelling, values)
  }
}

extension SettingsReader {
  /// Reads a secret that may be left out: from the environment, or from the file that the setting `<key>File` names
  /// (its first line). Flags and the YAML file cannot hold it.
  public func secret(_ key: String, shared: Bool = false, _ sentence: String) -> Secret? {
    declareSecret(key, shared: shared, required: false, sentence)
    return findSecret(key, shared: shared)
  }

  /// Reads a secret that must be given; leaving it out is a problem.
  public func requiredSecret(_ key: String, shared: Bool = false, _ sentence: String) -> Secret {
    declareSecret(key, shared: shared, required: true, sentence)
    if let secret = findSecret(key, shared: shared) { return secret }
    problems.append("\(key) is missing: set \(names.environment(key)) or \(names.environment(key + "File"))")
    return Secret("")
  }

  /// Reports something wrong with settings that are each right by themselves.
  public func report(_ problem: String) {
    problems.append(problem)
  }

  static func secretMisplaced(_ spelling: String, _ key: String, _ names: SettingNames) -> String {
    "\(spelling) is a secret and cannot be given here: set the environment variable \(names.environment(key)), "
      + "or put it in a file and name that with \(names.flag(key + "File"))"
  }

  private func declareSecret(_ key: String, shared: Bool, required: Bool, _ sentence: String) {
    note(key, "secret", default: nil, role: .secret, shared: shared, required: required, sentence)
    let fileSentence = "File whose first line is the value of \(key)."
    note(key + "File", "path", default: nil, role: .secretFile, shared: shared, fileSentence)
  }

  private func findSecret(_ key: String, shared: Bool) -> Secret? {
    for source in sources where shared || source.place != .sharedEnvironment {
      let spelling = source.spelling(of: key, names: names)
      if let text = source.texts(key)?.first {
        if case .file = source.place {
          problems.append(Self.secretMisplaced(spelling, key, names))
          continue
        }
        return noted(key, "***", spelling, Secret(text))
      }
      if let path = source.texts(key + "File")?.joined(separator: ",") {
        return readSecret(key, path: path, spelling: source.spelling(of: key + "File", names: names))
      }
    }
    return nil
  }

  private func readSecret(_ key: String, path: String, spelling: String) -> Secret? {
    guard let content = try? String(contentsOfFile: path, encoding: .utf8) else {
      problems.append("\(spelling): the file \(path) cannot be read")
      return nil
    }
    let line = content.prefix { !$0.isNewline }
    if line.isEmpty { problems.append("\(spelling): the first line of \(path) is empty") }
    return noted(key, "***", spelling, Secret(String(line)))
  }
}

extension SettingsReader {
  private func declare<Value: SettingValue>(
    _ key: String,
    _ type: Value.Type,
    default defaultText: String?,
    range: String? = nil,
    shared: Bool,
    _ sentence: String
  ) {
    note(key, Value.settingKind, default: defaultText, range: range, role: .value, shared: shared, sentence)
  }

  private func note(
    _ key: String,
    _ kind: String,
    default defaultText: String?,
    range: String? = nil,
    role: SettingDeclaration.Role,
    shared: Bool,
    required: Bool = false,
    _ sentence: String
  ) {
    precondition(!declarations.contains { $0.key == key }, "the setting \(key) is declared twice")
    declarations.append(
      SettingDeclaration(
        key: key,
        kind: kind,
        defaultText: defaultText,
        range: range,
        isRequired: required,
        role: role,
        isShared: shared,
        sentence: sentence
      )
    )
  }

  private func lookUp(_ key: String, shared: Bool) -> (source: ConfigurationSource, texts: [String])? {
    for source in sources where shared || source.place != .sharedEnvironment {
      if let texts = source.texts(key) { return (source, texts) }
    }
    return nil
  }

  private func found<Value: SettingValue>(
    _ key: String,
    shared: Bool,
    check: (Value) -> String? = { _ in nil }
  ) -> Value? {
    guard let (source, texts) = lookUp(key, shared: shared) else { return nil }
    let spelling = source.spelling(of: key, names: names)
    let text = texts.joined(separator: ",")
    guard let value = parse(text, as: Value.self, spelling: spelling) else { return nil }
    if let clause = check(value) {
      problems.append("\(spelling) \(clause), not \(text)")
      return nil
    }
    return noted(key, text, spelling, value)
  }

  private func parse<Value: SettingValue>(_ text: String, as type: Value.Type, spelling: String) -> Value? {
    do {
      return try Value(settingText: text)
    } catch {
      problems.append("\(spelling) \(error.clause), not \"\(text)\"")
      return nil
    }
  }

  private func defaulted<Value: SettingValue>(_ key: String, _ value: Value) -> Value {
    noted(key, value.settingText, nil, value)
  }

  private func noted<Value>(_ key: String, _ text: String, _ spelling: String?, _ value: Value) -> Value {
    effective.append(Effective(key: key, text: text, spelling: spelling))
    return value
  }

  private static func within<Value: SettingValue & Comparable>(_ range: ClosedRange<Value>?) -> (Value) -> String? {
    { value in
      guard let range, !range.contains(value) else { return nil }
      return "must be from \(text(range) ?? "")"
    }
  }

  private static func text<Value: SettingValue & Comparable>(_ range: ClosedRange<Value>?) -> String? {
    range.map { "\($0.lowerBound.settingText) to \($0.upperBound.settingText)" }
  }
}
