public import ServiceKit

/// The settings of the feedback service alone.
public struct FeedbackSettings: SettingsGroup {
  /// The address of members, because only members may give feedback.
  public let members: PeerSettings
  /// The greatest size in bytes of the texts on a page of feedback.
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
