import PatronAPI
import ServiceKit

extension FieldChecks {
  /// An identifier that may be left out; nil when it is.
  mutating func optionalIdentifier(_ field: String, _ text: String, _ form: IdentifierForm) -> String? {
    text.isEmpty ? nil : identifier(field, text, form)
  }

  /// What feedback is about.
  mutating func category(_ field: String, _ category: FeedbackV1.FeedbackCategory) -> FeedbackCategory {
    let rawValue = choice(field, category.rawValue, among: FeedbackCategory.allCases.map { Int32($0.rawValue) })
    return FeedbackCategory(rawValue: Int16(truncatingIfNeeded: rawValue)) ?? .other
  }

  /// What feedback is about; nil when the caller does not care.
  mutating func optionalCategory(_ field: String, _ category: FeedbackV1.FeedbackCategory) -> FeedbackCategory? {
    category == .unspecified ? nil : self.category(field, category)
  }

  /// Where feedback is in its life; nil when the caller does not care.
  mutating func optionalStatus(_ field: String, _ status: FeedbackV1.FeedbackStatus) -> FeedbackStatus? {
    guard status != .unspecified else { return nil }
    let rawValue = choice(field, status.rawValue, among: FeedbackStatus.allCases.map { Int32($0.rawValue) })
    return FeedbackStatus(rawValue: Int16(truncatingIfNeeded: rawValue))
  }
}
