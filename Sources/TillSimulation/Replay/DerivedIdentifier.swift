import Basics
import Crypto
import Foundation

/// Request ids that are worked out instead of drawn, so that a replay that runs again asks under the same ids.
enum DerivedIdentifier {
  /// The UUIDv7 (RFC 9562, section 5.7) of the instant `instant` whose random bits are taken from the SHA-256 digest of
  /// `name`: lower-case, with hyphens.
  static func text(at instant: Instant, name: String) -> String {
    let words = SHA256.hash(data: Array("patron replay/\(name)".utf8)).withUnsafeBytes { digest in
      [0, 8].map { UInt64(bigEndian: digest.loadUnaligned(fromByteOffset: $0, as: UInt64.self)) }
    }
    let milliseconds = UInt64(max(0, instant.rawValue)) / 1_000
    return UUID(version7: milliseconds, fraction: words[0], random: words[1]).text
  }
}
