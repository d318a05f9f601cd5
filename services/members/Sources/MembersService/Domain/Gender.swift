/// How a member wishes to be addressed. The numbers are those of `patron.members.v1.Gender` and of the table.
enum Gender: Int16, Sendable, Hashable, CaseIterable {
  case unspecified = 0
  case female = 1
  case male = 2
  case other = 3
}
