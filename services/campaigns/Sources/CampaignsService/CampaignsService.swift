public import Foundation
public import ServiceKit

/// The campaigns service: its name, its migrations, and its assembly.
public enum CampaignsService: PatronService {
  public static let name = "campaigns"
  public static let summary = "Campaigns: coupons, from the template to the till."
  public static let ports = ServicePorts(listen: 7403, admin: 7493)
  public static var migrations: URL? { Bundle.module.url(forResource: "migrations", withExtension: nil) }

  public static func assemble(_ kit: ServiceResources, _ settings: CampaignsSettings) async throws -> ServiceParts {
    let parts = CampaignsParts(
      kit,
      settings.reservations,
      settings.suspended,
      loyalty: try kit.channel(to: settings.loyalty),
      members: try kit.channel(to: settings.members)
    )
    return ServiceParts(services: [parts.api], jobs: parts.jobs)
  }
}
