import Foundation

/// Coupons that were issued for a load: a file with the member's number (8 bytes) and the coupon's id (16 bytes) of each.
struct CouponSupply: Sendable {
  /// A coupon that can be used once.
  struct Coupon: Hashable, Sendable {
    var memberNumber: Int
    var couponID: String
  }

  private static let recordBytes = 8 + IDFile.idBytes

  private let data: Data

  /// - Throws: If the file can't be read.
  init(file: String) throws {
    data = try Data(contentsOf: URL(fileURLWithPath: file))
  }

  /// How many there are.
  var count: Int { data.count / Self.recordBytes }

  /// The coupon at a place, counted from 0.
  func coupon(_ place: Int) -> Coupon {
    let start = data.startIndex + place * Self.recordBytes
    let record = Data(data[start..<(start + Self.recordBytes)])
    let number = record.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    return Coupon(memberNumber: Int(number), couponID: IDFile.id(0, in: Data(record.dropFirst(8))))
  }

  /// The file's content.
  static func content(_ coupons: [(memberNumber: Int, couponID: UUID)]) -> Data {
    var data = Data(capacity: coupons.count * recordBytes)
    for coupon in coupons {
      withUnsafeBytes(of: UInt64(coupon.memberNumber).bigEndian) { data.append(contentsOf: $0) }
      withUnsafeBytes(of: coupon.couponID.uuid) { data.append(contentsOf: $0) }
    }
    return data
  }
}
