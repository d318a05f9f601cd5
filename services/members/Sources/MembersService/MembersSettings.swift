public import ServiceKit

/// The settings of the members service alone.
public struct MembersSettings: SettingsGroup {
  /// The address of loyalty, whose events contain members' purchases. Nil follows no events.
  public var loyalty: PeerSettings?
  /// The greatest number of lines on a page of purchases.
  public var purchaseLinesPerPage: Int
  /// The greatest size in bytes of the texts on a page of members.
  public var pageSize: ByteCount

  /// Makes the documented defaults, without a ledger to follow.
  public init() {
    purchaseLinesPerPage = 2_000
    pageSize = .mebibytes(2)
  }

  /// Reads the group.
  public init(_ settings: SettingsReader) {
    let defaults = MembersSettings()
    loyalty = PeerSettings(settings, peer: "loyalty", defaultAddress: "dns:///localhost:7402")
    purchaseLinesPerPage = settings.value(
      "page.purchaseLinesMaximum",
      default: defaults.purchaseLinesPerPage,
      in: 1...100_000,
      "Receipt lines on one page of purchases; a page of longer receipts ends early."
    )
    pageSize = settings.value(
      "page.bytesMaximum",
      default: defaults.pageSize,
      in: ByteCount.kibibytes(1)...ByteCount.mebibytes(64),
      "Bytes of text on one page of members; a page of larger records ends early."
    )
  }
}
