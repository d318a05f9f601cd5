import Postgres

extension LotKey {
  /// The last day of a lot as an expression, from one for its key: see ``rawValue``.
  ///
  /// - Parameter key: A column or an item of an array.
  static func day(of key: String) -> SQL {
    "(CASE WHEN \(raw: key) < -2147483648 THEN \(raw: key) + 4294967296 ELSE \(raw: key) END)"
  }
}
