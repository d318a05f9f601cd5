/// A phone number with the digits hidden that a till has no need to see.
enum MaskedPhone {
  /// "+86138****8000" of "+8613800138000": the four digits before the last four are hidden, in a short number all but
  /// the last two. Empty of an empty number.
  static func text(_ phone: String) -> String {
    guard !phone.isEmpty else { return "" }
    let shown = phone.utf8.count >= 11 ? 4 : 2
    let beginning = max(0, phone.count - 8)
    let hidden = max(0, phone.count - beginning - shown)
    return phone.prefix(beginning) + String(repeating: "*", count: hidden) + phone.suffix(shown)
  }
}
