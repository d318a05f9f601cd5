import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// Makes examples of messages: what fields of these names usually have.
struct ExampleGenerator {
  private let isRequest: Bool

  /// - Parameter isRequest: Whether what is not needed is left out.
  init(isRequest: Bool) { self.isRequest = isRequest }

  /// Returns an example of a message. Of a oneof it has the first field.
  func example(of message: Descriptor, depth: Int = 0) -> JSONNode {
    let wanted = isRequest ? Self.wanted[message.fullName] : nil
    let fields = message.fields.filter { field in
      if let wanted { return wanted.contains(field.name) }
      if let oneof = field.realContainingOneof, oneof.fields.first?.name != field.name { return false }
      return !(isRequest && Self.unneeded.contains(field.name))
    }
    return .members(fields.map { (JSONName.of($0), example(of: $0, depth: depth)) })
  }

  private func example(of field: FieldDescriptor, depth: Int) -> JSONNode? {
    if field.isMap { return isRequest ? nil : .object([("size", .text("L"))]) }
    guard let value = element(of: field, depth: depth) else { return nil }
    return field.isRepeated ? .list([value]) : value
  }

  private func element(of field: FieldDescriptor, depth: Int) -> JSONNode? {
    switch field.type {
    case .message, .group:
      switch field.messageType.fullName {
      case "google.protobuf.Timestamp": return .text("2026-05-20T08:30:00Z")
      case "google.protobuf.Duration": return .text("900s")
      case "google.protobuf.FieldMask": return .text("name")
      default: return depth > 5 ? nil : example(of: field.messageType, depth: depth + 1)
      }
    case .enum: return (field.enumType.values.dropFirst().first ?? field.enumType.values.first).map { .text($0.name) }
    case .string: return .text(Self.texts[field.name] ?? Self.text(field.name))
    case .bytes: return .text("AAEC")
    case .bool: return .bool(true)
    case .int64, .uint64, .sint64, .fixed64, .sfixed64: return .text(Self.numbers[field.name] ?? "1")
    case .int32, .uint32, .sint32, .fixed32, .sfixed32: return .number(Self.numbers[field.name].flatMap(Int.init) ?? 1)
    case .double, .float: return .number(1)
    }
  }

  private static func text(_ name: String) -> String {
    if name.hasSuffix("_on") { return "2027-12-31" }
    return name.hasSuffix("_id") || name.hasSuffix("_ids") ? "019b76da-2c00-7000-8000-0000000000b2" : "text"
  }

  private static let texts = [
    "request_id": "019b76da-2c00-7000-8000-000000000001", "member_id": "019b76da-2c00-7000-8000-0000000000a1",
    "store_id": "store-1", "registered_store_id": "store-1", "till_id": "till-3", "receipt_number": "4711",
    "product_id": "milk-1l", "description": "牛奶 1 升", "category": "dairy", "staff_id": "li.lei",
    "approver_id": "han.mei", "assignee": "li.lei", "name": "王小明", "phone": "+8613800138000",
    "masked_phone": "+86138****8000", "card_number": "6001000100010001", "wechat_openid": "oX1a2B3c4D5e",
    "external_source": "erp", "external_id": "906", "source": "erp", "value": "906", "asset": "points",
    "currency_code": "CNY", "code": "welcome", "template_code": "welcome", "title": "新会员券", "text": "牛奶过期了",
    "reason": "does not fit", "resolution": "exchanged", "etag": "1", "birthday": "1990-05-01",
    "next_page_token": "", "cursor": "",
  ]

  private static let numbers = [
    "minor_units": "2580", "quantity_thousandths": "1000", "points": "25", "balance_points": "25",
    "points_earned": "25", "page_size": "50", "line": "0", "amount": "100",
  ]

  /// Fields of requests that an example does better without.
  private static let unneeded: Set = [
    "page_token", "cursor", "occurred_at", "coupon_ids", "points_to_redeem", "as_of", "recorded_from", "recorded_until",
    "issued_at", "reservation_id", "coupon_discounts", "expires_on", "bonus_expires_on",
  ]

  /// The fields of requests of which an example needs only these.
  private static let wanted: [String: Set<String>] = [
    "patron.pos.v1.RegisterMemberRequest": ["request_id", "name", "phone", "store_id"],
    "patron.members.v1.RegisterMemberRequest": ["request_id", "name", "phone", "registered_store_id"],
    "patron.app.v1.Profile": ["member_id", "name", "etag"],
    "patron.members.v1.Member": ["member_id", "name", "etag"],
  ]
}
