import RPC
import ServiceKit

/// Why the service refuses a call, beside the reasons of every service and those of fields (``InvalidValue/Reason``).
enum MembersReason: String, ErrorReason {
  static let domain = "members.patron"

  /// There is no such member, or none with the identifier.
  case memberNotFound = "MEMBER_NOT_FOUND"
  /// The phone belongs to another member.
  case phoneTaken = "PHONE_TAKEN"
  /// The card belongs to another member.
  case cardNumberTaken = "CARD_NUMBER_TAKEN"
  /// The openid belongs to another member.
  case wechatOpenidTaken = "WECHAT_OPENID_TAKEN"
  /// The number in the other system belongs to another member.
  case externalIDTaken = "EXTERNAL_ID_TAKEN"
  /// Another call changed the member meanwhile.
  case etagMismatch = "ETAG_MISMATCH"

  var code: StatusCode {
    switch self {
    case .memberNotFound: .notFound
    case .phoneTaken, .cardNumberTaken, .wechatOpenidTaken, .externalIDTaken: .alreadyExists
    case .etagMismatch: .aborted
    }
  }

  var sentence: String {
    switch self {
    case .memberNotFound: "There is no such member."
    case .phoneTaken: "The phone belongs to another member."
    case .cardNumberTaken: "The card belongs to another member."
    case .wechatOpenidTaken: "The WeChat openid belongs to another member."
    case .externalIDTaken: "The number in the other system belongs to another member."
    case .etagMismatch: "Somebody else changed the member meanwhile; read it again and repeat the change."
    }
  }
}

extension IdentifiersTaken {
  /// The error for the caller: the reason of the first identifier, with the fields of all of them in the metadata.
  var refusal: RPCError {
    let kinds = identifiers.map(\.kind)
    let fields = Set(kinds.map(\.field)).sorted().joined(separator: ",")
    return (kinds.first?.takenReason ?? .externalIDTaken).error(metadata: ["fields": fields])
  }
}

extension Identifier.Kind {
  fileprivate var takenReason: MembersReason {
    switch self {
    case .phone: .phoneTaken
    case .cardNumber: .cardNumberTaken
    case .wechatOpenid: .wechatOpenidTaken
    case .externalID: .externalIDTaken
    }
  }

  fileprivate var field: String {
    switch self {
    case .phone: "phone"
    case .cardNumber: "card_number"
    case .wechatOpenid: "wechat_openid"
    case .externalID: "external_ids"
    }
  }
}
