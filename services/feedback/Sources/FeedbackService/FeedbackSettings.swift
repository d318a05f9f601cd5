public import ServiceKit

/// The settings that only the feedback service has.
public struct FeedbackSettings: SettingsGroup {
  /// How many bytes of text the feedback of one page holds together.
  public let pageSize: ByteCount

  /// Reads the group.
  public init(_ settings: SettingsReader) {
    pageSize = settings.value(
      "page.bytesMaximum",
      default: .mebibytes(2),
      in: ByteCount.kibibytes(1)...ByteCount.mebibytes(64),
      "Bytes of text on one page of feedback; a page of longer texts ends early."
    )
  }
}
