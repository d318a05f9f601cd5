/// What happens to a connection when a batch on it comes to a place.
struct BoundaryFault: Hashable, Sendable {
  /// What is done.
  enum Act: Hashable, Sendable {
    /// Both sides are cut off; what was to pass does not.
    case cut
    /// It is passed on, and then both sides are cut off.
    case passThenCut
    /// Nothing passes any more until somebody lets go.
    case hold
  }

  /// How many batches may have too few statements to come to the place, before one is struck at its last place instead.
  static let missedMaximum = 30

  var place: BatchPlace
  var act: Act
  private var missed = 0

  init(place: BatchPlace, act: Act) {
    self.place = place
    self.act = act
  }

  /// Whether this is where it strikes.
  mutating func strikes(at boundary: BatchBoundary) -> Bool {
    if boundary.place == place { return true }
    guard boundary.isLast, boundary.place.part == place.part else { return false }
    missed += 1
    return missed > Self.missedMaximum
  }
}

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
