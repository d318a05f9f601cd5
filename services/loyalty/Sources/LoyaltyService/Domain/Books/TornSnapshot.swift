/// The books say that a request has taken effect, and do not have its entries: another copy of the service wrote it between
/// two statements of one reading. What was read is to be read again.
struct TornSnapshot: Error, Hashable, Sendable {}
