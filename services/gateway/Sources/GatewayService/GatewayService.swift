public import Foundation
import Logging
public import ServiceKit

/// The gateway service, which tills and apps call. It owns no data: it combines the answers of members, loyalty,
/// campaigns and feedback, and a call that is repeated after the gateway died gets the same answer.
public enum GatewayService: PatronService {
  public static let name = "gateway"
  public static let summary = "Gateway: what tills and apps call."
  public static let ports = ServicePorts(listen: 7400, admin: 7490)
  public static var migrations: URL? { nil }
  public static var isForWeb: Bool { true }

  public static func assemble(_ kit: ServiceResources, _ settings: GatewaySettings) async throws -> ServiceParts {
    let channels = try UpstreamChannels(kit, settings)
    let upstreams = Upstreams(channels)
    if settings.backOffice == .open {
      kit.logger.warning("the back office is open: whoever reaches the gateway may call the services' exposed methods")
    }
    return ServiceParts(
      services: [
        PosAPI(upstreams: upstreams, clock: kit.clock, limits: settings.limits, requestTimes: kit.requestTimes),
        AppAPI(upstreams: upstreams, requestTimes: kit.requestTimes),
      ],
      forwarded: settings.backOffice == .open ? BackOffice.services(channels) : [],
      pages: try Documentation.pages(),
      reasons: GatewayReason.ofEveryCall
    )
  }
}
