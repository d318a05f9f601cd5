import Testing

/// All attacks, one after the other: each has the machine to itself, as far as this process can tell.
@Suite("Attacks", .serialized, .timeLimit(.minutes(5)))
enum Attacks {}
