import AppProto
import CampaignsProto
import FeedbackProto
import LoyaltyProto
import MembersProto
import PosProto
import RPC
import ServiceKit
import Testing

@testable import CampaignsService
@testable import FeedbackService
@testable import GatewayService
@testable import LoyaltyService
@testable import MembersService
@testable import Messages

/// Every upstream call of the gateway, with every refusal of the upstream service.
@Suite("Every refusal of every service, through every call of the gateway")
struct UpstreamWalkTests {
  /// A call, as a test's argument.
  struct Walked: Sendable, CustomTestStringConvertible {
    var call: UpstreamCall

    var testDescription: String { "\(call.request.fullName) for \(call.origin.fullName)" }

    static let all = (UpstreamCall.till + UpstreamCall.app).map(Walked.init)
  }

  /// Returns all refusals of a service.
  private static func refusals(of service: String) -> [RPCError] {
    func all<Reason: ErrorReason>(_ reason: Reason.Type) -> [RPCError] {
      Reason.allCases.map { $0.error(metadata: facts) }
    }
    let own =
      switch service {
      case "members": all(MembersReason.self)
      case "loyalty": all(LoyaltyReason.self)
      case "campaigns": all(CampaignsReason.self)
      default: all(FeedbackReason.self)
      }
    return own + CommonReason.allCases.map { $0.error(domain: "\(service).patron", metadata: facts) }
  }

  /// The metadata of refusals of all kinds.
  private static let facts = [
    "order_id": "o", "reservation_id": "r", "coupon_id": "c", "balance_points": "1", "etag": "e",
  ]

  @Test(
    "no fact and no reason is lost, none is about what the caller never saw, and no sentence names another's call",
    arguments: Walked.all
  )
  func reasons(walked: Walked) {
    for refusal in Self.refusals(of: walked.call.service) where refusal.code != .cancelled {
      let seen = UpstreamError(service: walked.call.service, fields: walked.call.fields).translated(refusal)
      let label = "\(walked.testDescription): \(refusal.info?.reason ?? "")"
      let words = (seen.info?.reason ?? "") + " " + seen.message
      #expect(!words.lowercased().contains("reservation"), "\(label)")
      #expect(!Self.names(aCall: words), "\(label)")
      if seen.info?.domain == GatewayReason.domain {
        #expect(seen.info?.metadata == ["service": walked.call.service], "\(label)")
        #expect(GatewayReason(rawValue: seen.info?.reason ?? "")?.code == seen.code, "\(label)")
      } else {
        #expect(seen.code == refusal.code, "\(label)")
        #expect(seen.info?.reason == refusal.info?.reason, "\(label)")
        #expect(seen.info?.metadata == Self.facts.filter { $0.key != "reservation_id" }, "\(label)")
      }
    }
  }

  /// Returns whether a text names a call, as in "ListAssets", which the gateway's callers do not have.
  private static func names(aCall text: String) -> Bool {
    text.replacing("WeChat", with: "").split { !$0.isLetter }.contains { word in
      word.dropFirst().contains(where: \.isUppercase) && word.contains(where: \.isLowercase)
    }
  }

  @Test("every field that a service can blame is one of the caller's request, or is hidden", arguments: Walked.all)
  func fields(walked: Walked) {
    for path in walked.call.request.described.fieldPaths(depth: 4) {
      guard let own = walked.call.fields.callerPath(of: path) else { continue }
      #expect(walked.call.origin.described.hasField(own), "\(walked.testDescription): \(path) is told as \(own)")
    }
  }

  @Test("every field of the caller's request that is forwarded to a service has its name there", arguments: Walked.all)
  func sameNames(walked: Walked) {
    let origin = Set(walked.call.origin.described.fieldPaths(depth: 1))
    let calls = (UpstreamCall.till + UpstreamCall.app).filter { $0.origin == walked.call.origin }
    // Of the calls that are made for one request, at least one names each of its fields.
    let mapped = calls.flatMap { call in
      call.request.described.fieldPaths(depth: 4).compactMap { call.fields.callerPath(of: $0) }
    }
    let roots = Set(mapped.map { $0.prefix { $0 != "." && $0 != "[" } })
    for field in origin {
      let root = field.prefix { $0 != "." && $0 != "[" }
      #expect(roots.contains(root), "\(walked.call.origin.fullName): no call maps \(field)")
    }
  }
}

extension MessageType {
  private static let registry = TypeRegistry(
    FileDescriptors(joining: [.posProto, .appProto, .membersProto, .loyaltyProto, .campaignsProto, .feedbackProto])
  )

  /// What the protos say of the type.
  fileprivate var described: MessageDescription {
    guard let type = Self.described(fullName) else { preconditionFailure("there is no \(fullName)") }
    return type
  }

  fileprivate static func described(_ fullName: String) -> MessageDescription? { registry.message(fullName) }
}

extension MessageDescription {
  /// The paths of all fields in the form of refusals. Of a repeated field, those of its first element.
  fileprivate func fieldPaths(depth: Int) -> [String] {
    fields.flatMap { field -> [String] in
      let path = field.isRepeated ? field.name + "[0]" : field.name
      let inner = field.message.map { $0.fieldPaths(depth: depth - 1) } ?? []
      return Array(Set([field.name, path])) + (depth > 1 ? inner.map { "\(path).\($0)" } : [])
    }
  }

  /// Returns whether there is a field with this path.
  fileprivate func hasField(_ path: String) -> Bool {
    let parts = path.split(separator: ".", maxSplits: 1)
    let name = parts[0].prefix { $0 != "[" }
    guard let field = fields.first(where: { $0.name == name }) else { return false }
    if name.count < parts[0].count, !field.isRepeated { return false }
    guard parts.count > 1 else { return true }
    return field.message?.hasField(String(parts[1])) ?? false
  }
}

extension FieldDescription {
  /// The type of a message field, except of well-known types, which are values.
  fileprivate var message: MessageDescription? {
    guard kind == .message, let type = MessageType.described(typeName) else { return nil }
    return type.wellKnownType == nil && !type.isMapEntry ? type : nil
  }
}
