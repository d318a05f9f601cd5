public import ServiceKit

/// The settings that only the members service has.
public struct MembersSettings: SettingsGroup {
  /// Where the points ledger is; its events tell what members bought. Nil follows nobody.
  public var loyalty: PeerSettings?
  /// How many lines the purchases of one page hold together.
  public var purchaseLinesPerPage: Int
  /// How many bytes of text the members of one page hold together.
  public var pageSize: ByteCount

  /// The documented defaults, following nobody.
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
