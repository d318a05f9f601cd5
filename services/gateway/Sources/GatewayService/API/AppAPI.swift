import AppProto
import Basics
import RPC
import ServiceKit

/// The API of members' apps: everything about the one member who calls.
struct AppAPI: AppV1.AppService {
  let upstreams: Upstreams
  let requestTimes: RequestTimes

  func getProfile(_ request: AppV1.GetProfileRequest, context: ServerContext) async throws -> AppV1.GetProfileResponse {
    AppV1.GetProfileResponse(
      profile: try await Profiles(upstreams: upstreams, requestTimes: requestTimes).profile(request.memberID)
    )
  }

  func updateProfile(
    _ request: AppV1.UpdateProfileRequest,
    context: ServerContext
  ) async throws -> AppV1.UpdateProfileResponse {
    AppV1.UpdateProfileResponse(
      profile: try await Profiles(upstreams: upstreams, requestTimes: requestTimes).update(request)
    )
  }

  func getBalance(_ request: AppV1.GetBalanceRequest, context: ServerContext) async throws -> AppV1.GetBalanceResponse {
    try await Points(upstreams: upstreams).balance(request)
  }

  func listEntries(
    _ request: AppV1.ListEntriesRequest,
    context: ServerContext
  ) async throws -> AppV1.ListEntriesResponse {
    try await Points(upstreams: upstreams).entries(request)
  }

  func listCoupons(
    _ request: AppV1.ListCouponsRequest,
    context: ServerContext
  ) async throws -> AppV1.ListCouponsResponse {
    try await Coupons(upstreams: upstreams).list(request)
  }

  func submitFeedback(
    _ request: AppV1.SubmitFeedbackRequest,
    context: ServerContext
  ) async throws -> AppV1.SubmitFeedbackResponse {
    try await FeedbackIntake(upstreams: upstreams, requestTimes: requestTimes).submit(request)
  }
}

extension FieldChecks {
  /// Validates the ID of the calling member.
  static func memberID(_ text: String) throws -> String {
    var fields = FieldChecks(domain: GatewayReason.domain)
    let id = fields.uuid("member_id", text)
    try fields.throwIfAny()
    return id.text
  }
}
