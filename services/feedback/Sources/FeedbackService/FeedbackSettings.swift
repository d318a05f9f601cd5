public import ServiceKit

/// The settings that only the feedback service has.
public struct FeedbackSettings: SettingsGroup {
  /// Where members is; feedback is taken only from members that there are.
  public let members: PeerSettings
  /// How many bytes of text the feedback of one page holds together.
  public let pageSize: ByteCount

  /// Reads the group.
  public init(_ settings: SettingsReader) {
    members = PeerSettings(settings, peer: "members", defaultAddress: "dns:///localhost:7401")
    pageSize = settings.value(
      "page.bytesMaximum",
      default: .mebibytes(2),
      in: ByteCount.kibibytes(1)...ByteCount.mebibytes(64),
      "Bytes of text on one page of feedback; a page of longer texts ends early."
    )
  }
}
