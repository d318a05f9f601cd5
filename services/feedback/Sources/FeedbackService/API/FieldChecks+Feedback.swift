import FeedbackProto
import ServiceKit

extension FieldChecks {
  /// Reads an optional identifier. Returns nil when it is absent.
  mutating func optionalIdentifier(_ field: String, _ text: String, _ form: IdentifierForm) -> String? {
    text.isEmpty ? nil : identifier(field, text, form)
  }

  /// Reads a category.
  mutating func category(_ field: String, _ category: FeedbackV1.FeedbackCategory) -> FeedbackCategory {
    let rawValue = choice(field, category.rawValue, among: FeedbackCategory.allCases.map { Int32($0.rawValue) })
    return FeedbackCategory(rawValue: Int16(truncatingIfNeeded: rawValue)) ?? .other
  }

  /// Reads an optional category. Returns nil when it is unspecified.
  mutating func optionalCategory(_ field: String, _ category: FeedbackV1.FeedbackCategory) -> FeedbackCategory? {
    category == .unspecified ? nil : self.category(field, category)
  }

  /// Reads an optional status. Returns nil when it is unspecified.
  mutating func optionalStatus(_ field: String, _ status: FeedbackV1.FeedbackStatus) -> FeedbackStatus? {
    guard status != .unspecified else { return nil }
    let rawValue = choice(field, status.rawValue, among: FeedbackStatus.allCases.map { Int32($0.rawValue) })
    return FeedbackStatus(rawValue: Int16(truncatingIfNeeded: rawValue))
  }
}
