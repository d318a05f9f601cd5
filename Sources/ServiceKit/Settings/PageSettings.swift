/// How lists are cut into pages.
public struct PageSettings: SettingsGroup {
  /// Entries on a page when the caller asks for none in particular.
  public var defaultSize: Int
  /// The most entries on a page; a caller that asks for more gets this many.
  public var maximumSize: Int
  /// The key that page tokens are sealed with; nil to make one and keep it in the database.
  public var tokenKey: Secret?

  /// The documented defaults: pages of 50, at most 500, a key that is made.
  public init() {
    defaultSize = 50
    maximumSize = 500
  }

  /// Reads the group.
  public init(_ settings: SettingsReader) {
    let defaults = PageSettings()
    defaultSize = settings.value(
      "page.defaultSize",
      default: defaults.defaultSize,
      in: 1...10_000,
      shared: true,
      "Entries on a page when the caller names no size."
    )
    maximumSize = settings.value(
      "page.maximumSize",
      default: defaults.maximumSize,
      in: 1...10_000,
      shared: true,
      "Most entries on a page; larger wishes get this many."
    )
    tokenKey = settings.secret(
      "page.tokenKey",
      shared: true,
      "Key that page tokens are sealed with, 32 characters or more; made and kept in the database when left out."
    )
    if defaultSize > maximumSize { settings.report("page.defaultSize must not be above page.maximumSize") }
    if let tokenKey, tokenKey.value.utf8.count < 32 { settings.report("page.tokenKey must have 32 characters or more") }
  }
}
