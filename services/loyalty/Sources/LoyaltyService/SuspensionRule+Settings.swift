public import ServiceKit

extension SuspensionRule: SettingsGroup {
  /// Reads the group.
  public init(_ settings: SettingsReader) {
    let defaults = SuspensionRule()
    spending = settings.value(
      "suspended.spending",
      default: defaults.spending,
      "Whether suspended members can spend points and stored value."
    )
    earning = settings.value(
      "suspended.earning",
      default: defaults.earning,
      "Whether suspended members are given points; withheld: their sales are posted and earn nothing."
    )
  }
}

extension SuspensionRule.Spending: SettingValue {}
extension SuspensionRule.Earning: SettingValue {}
