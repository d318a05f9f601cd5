public import Basics
public import Postgres

extension Backoff {
  /// The wait after failures that a row counts, as an SQL interval; nothing is left to chance.
  ///
  /// - Parameter failures: How many there were in a row, at least one: an expression of whole numbers.
  public func interval(after failures: SQL) -> SQL {
    """
    make_interval(secs => least(
      \(maximum.fractionalSeconds), \(first.fractionalSeconds) * \(multiplier) ^ least((\(failures)) - 1, 32)))
    """
  }
}
