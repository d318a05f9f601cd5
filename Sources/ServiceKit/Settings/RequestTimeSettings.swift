/// How far from a service's clock the times may be that requests carry.
public struct RequestTimeSettings: SettingsGroup {
  /// How far ahead of the service's clock a request id or a sale may be dated.
  public var aheadMaximum: Duration
  /// How long ago a sale may have happened.
  public var saleAgeMaximum: Duration
  /// How long the answers to requests are kept; a request that is dated before that is refused.
  public var retention: Duration

  /// The documented defaults: 5 minutes ahead, sales of the last 400 days, requests of the last 400 days.
  public init() {
    aheadMaximum = .seconds(300)
    saleAgeMaximum = .seconds(400 * 86_400)
    retention = .seconds(400 * 86_400)
  }

  /// Reads the group.
  public init(_ settings: SettingsReader) {
    let defaults = RequestTimeSettings()
    aheadMaximum = settings.value(
      "request.aheadMaximum",
      default: defaults.aheadMaximum,
      in: .zero ... .seconds(86_400),
      shared: true,
      "How far ahead of this service's clock a request id may be dated, and a sale may claim to have happened."
    )
    saleAgeMaximum = settings.value(
      "request.saleAgeMaximum",
      default: defaults.saleAgeMaximum,
      in: .seconds(86_400) ... .seconds(36_500 * 86_400),
      shared: true,
      "How long ago a sale may have happened when it comes."
    )
    retention = settings.value(
      "request.retention",
      default: defaults.retention,
      in: .seconds(86_400) ... .seconds(36_500 * 86_400),
      shared: true,
      "How long the answers to requests are kept, for requests sent again; older request ids are refused."
    )
  }

  /// Settings for tests, whose sales and requests may be of long ago.
  public static func forTesting(aheadMaximum: Duration = .seconds(300)) -> RequestTimeSettings {
    var settings = RequestTimeSettings()
    settings.aheadMaximum = aheadMaximum
    settings.saleAgeMaximum = .seconds(36_500 * 86_400)
    settings.retention = .seconds(36_500 * 86_400)
    return settings
  }
}
