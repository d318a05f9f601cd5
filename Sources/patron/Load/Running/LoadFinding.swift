/// Something that a service must never do, noticed during the run.
struct LoadFinding: Error, Hashable, CustomStringConvertible {
  var description: String

  init(_ description: String) {
    self.description = description
  }
}
