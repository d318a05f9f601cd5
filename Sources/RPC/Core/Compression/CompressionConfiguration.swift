/// Which messages a server or a channel packs before it sends them. Receiving needs no setting: both always take gzip.
public struct CompressionConfiguration: Sendable, Hashable {
  /// What a call that does not choose for itself uses. Default ``Compression/identity``: services behind one network
  /// gain less from fewer bytes than the packing costs, and packing a secret together with text of an attacker's
  /// choice reveals it by its length (CRIME).
  public var sending = Compression.identity

  /// The smallest message worth packing, in bytes; smaller ones go as they are. Default 1 KiB: about what fits one
  /// packet anyway.
  public var bytesMinimum = 1 << 10

  /// Sends everything as it is.
  public static let defaults = CompressionConfiguration()

  /// Makes a configuration with the defaults.
  public init() {}
}
