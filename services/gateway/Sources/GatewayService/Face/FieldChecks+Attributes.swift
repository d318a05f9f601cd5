internal import ServiceKit

extension FieldChecks {
  /// Checks the chain's own fields of a member: at most 50, keys of 1 to 64 characters, values of at most 500.
  mutating func attributes(_ field: String, _ attributes: [String: String]) {
    count(field, attributes.count, 0...50)
    for (key, value) in attributes.sorted(by: { $0.key < $1.key }).prefix(50) {
      _ = text("\(field).key", key, 1...64)
      _ = text("\(field)[\"\(key.prefix(64))\"]", value, 0...500)
    }
  }
}
