/// What happens to slices that are given back after their last day.
enum RestoreRule: Sendable, Hashable {
  /// They can be spent for so many more days after the day of the return; 0 is to the end of that day.
  case grace(days: Int32)
  /// They come back, pay debt if there is any, and what is left of them expires at once.
  case expireAtOnce
}
