internal import Foundation
internal import ServiceKit

extension UUID {
  /// The request id under which the account of `member` is opened on behalf of this request: always the same for the
  /// same two, of version 7, and with this id's time.
  func openingAccount(of member: UUID) -> UUID {
    // The time and the version stay; the random bits of both ids and a constant of our own make the rest.
    let constant: UInt64 = 0x5061_7472_6F6E_4F41
    let low = (words.low ^ member.words.low ^ constant) & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
    return UUID(high: words.high ^ (member.words.high & 0x0FFF), low: low)
  }

  /// The time that an id of version 7 carries, in microseconds since 1970, exact to the millisecond.
  var unixMicroseconds: Int64 {
    Int64(words.high >> 16) * 1_000
  }

  private var words: (high: UInt64, low: UInt64) {
    withUnsafeBytes(of: uuid) { bytes in
      (
        UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
        UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
      )
    }
  }
}
