/// What keeps a load from being run, in words for the operator: what is wrong and what to change.
struct LoadError: Error, Hashable, CustomStringConvertible {
  var description: String

  init(_ description: String) {
    self.description = description
  }
}
