public import PatronAPI
public import Postgres

/// Whether a member may trade. The numbers are those of `patron.members.v1.MemberStatus` and of the tables.
public enum MemberStanding: Int16, Sendable, Hashable, CaseIterable, PostgresCodable, PostgresArrayElement {
  /// In good standing.
  case active = 1
  /// Suspended by staff. What that means is a setting of each service.
  case suspended = 2

  /// The standing of a member in a status; nil if this version of the service does not know the status.
  public init?(_ status: MembersV1.MemberStatus) {
    guard let number = Int16(exactly: status.rawValue) else { return nil }
    self.init(rawValue: number)
  }
}
