internal import Foundation
internal import ServiceKit

extension UUID {
  /// The request id under which the account of `member` is opened on behalf of this request: always the same for the
  /// same two, of version 7, and with this id's time.
  func openingAccount(of member: UUID) -> UUID {
    // The time and the version stay; the random bits of both ids and a constant of our own make the rest.
    let constant: UInt64 = 0x5061_7472_6F6E_4F41
    let low = (self.low ^ member.low ^ constant) & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
    return UUID(high: high ^ (member.high & 0x0FFF), low: low)
  }
}
