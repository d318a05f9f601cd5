/// Goes through every place of a batch, one after the other, and begins anew.
struct BoundarySweep: Sendable {
  /// Where the next fault is to strike.
  private(set) var place = BatchPlace(part: .reading, direction: .toServer, index: 0)

  /// Goes on to the next place.
  ///
  /// - Parameter boundary: Where the fault struck. If that is not the place, no batch has it, and the next one is in another part.
  mutating func advance(after boundary: BatchBoundary) {
    if boundary.place == place {
      place.index += 1
    } else if place.direction == .toServer {
      place = BatchPlace(part: place.part, direction: .toClient, index: 0)
    } else {
      place = BatchPlace(part: place.part == .reading ? .writing : .reading, direction: .toServer, index: 0)
    }
  }
}
