public import Foundation
public import ServiceKit

/// What tills and apps call. It owns no data: every answer is made from those of members, loyalty, campaigns and
/// feedback, and a call that is sent again after the gateway died gives the same answer.
public enum GatewayService: PatronService {
  public static let name = "gateway"
  public static let summary = "Gateway: what tills and apps call."
  public static let ports = ServicePorts(listen: 7400, admin: 7490)
  public static var migrations: URL? { nil }

  public static func assemble(_ kit: ServiceResources, _ settings: GatewaySettings) async throws -> ServiceParts {
    let upstreams = try Upstreams(kit, settings)
    return ServiceParts(services: [
      PosAPI(upstreams: upstreams, clock: kit.clock, limits: settings.limits, requestTimes: kit.requestTimes),
      AppAPI(upstreams: upstreams, requestTimes: kit.requestTimes),
    ])
  }
}
