/// The spellings that the rules ask for.
enum Names {
  static func isLowerSnake(_ name: String) -> Bool {
    name.wholeMatch(of: /[a-z][a-z0-9]*(_[a-z0-9]+)*/) != nil
  }

  static func isUpperSnake(_ name: String) -> Bool {
    name.wholeMatch(of: /[A-Z][A-Z0-9]*(_[A-Z0-9]+)*/) != nil
  }

  static func isPascal(_ name: String) -> Bool {
    name.wholeMatch(of: /[A-Z][A-Za-z0-9]*/) != nil
  }

  static func isVersion(_ component: some StringProtocol) -> Bool {
    String(component).wholeMatch(of: /v[1-9][0-9]*((alpha|beta)[0-9]*)?/) != nil
  }

  /// `MemberStatus` becomes `MEMBER_STATUS`, `HTTPKind` becomes `HTTP_KIND`.
  static func upperSnake(_ name: String) -> String {
    name.replacing(/([a-z0-9])([A-Z])/) { "\($0.1)_\($0.2)" }
      .replacing(/([A-Z]+)([A-Z][a-z])/) { "\($0.1)_\($0.2)" }
      .uppercased()
  }
}
