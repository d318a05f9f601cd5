/// Where a reader of all members' entries stands: of each lane it has every entry up to a sequence, and none after it.
struct LedgerCursor: Sendable, Hashable {
  /// For each lane, from lane 0, the sequence up to which its entries were read; 0, which is before the first, if none was.
  var sequences: [Int64]
  /// The latest month that was archived when the reader came here, by its first day as days since 1970; 0 if none was.
  var archivedMonth: Int32

  /// Before all entries that are kept, whatever is archived.
  static let beginning = LedgerCursor(
    sequences: Array(repeating: 0, count: Int(Lane.count)),
    archivedMonth: .max
  )

  /// Goes on to an entry, or to the end of what can be seen.
  ///
  /// No lane goes beyond what can be seen of it: a batch that is under way may still commit an entry there that has a lower
  /// number than other lanes' entries that were read already.
  ///
  /// - Parameters:
  ///   - last: The last entry that was read, by sequence and lane; nil if all that can be seen was read.
  ///   - visible: For each lane, from lane 0, the sequence up to which its entries can be seen.
  mutating func advance(to last: EntryRow?, visible: [Int64]) {
    for lane in sequences.indices {
      sequences[lane] = max(sequences[lane], min(visible[lane], last?.sequenceRead(in: lane) ?? .max))
    }
  }
}

extension EntryRow {
  /// Up to which sequence a lane was read by whoever read all lanes' entries up to this one, by sequence and lane.
  fileprivate func sequenceRead(in lane: Int) -> Int64 {
    lane > Int(Lane(member: member).number) ? entry.sequence - 1 : entry.sequence
  }
}
