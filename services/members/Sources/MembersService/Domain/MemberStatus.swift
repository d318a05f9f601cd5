/// What a member's record is good for. The numbers are those of `patron.members.v1.MemberStatus` and of the table.
enum MemberStatus: Int16, Sendable, Hashable, CaseIterable {
  /// In good standing.
  case active = 1
  /// Recognised, but may not earn or spend.
  case suspended = 2
}
