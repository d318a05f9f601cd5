import Testing

/// All attacks, one after another, so that each has the machine to itself.
@Suite("Attacks", .serialized, .timeLimit(.minutes(5)))
enum Attacks {}
