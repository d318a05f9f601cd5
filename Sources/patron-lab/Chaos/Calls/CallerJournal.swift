import Foundation
import LocalSuite

/// Where a caller writes down what it is about to ask and what it was answered, so that somebody else can tell after it
/// was killed. A record is in the kernel's hands before the caller goes on.
final class CallerJournal: Sendable {
  private let descriptor: Int32

  /// Appends to the file at `path`.
  init(_ path: String) throws {
    descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw SuiteError.system("opening \(path)", errno) }
  }

  deinit {
    close(descriptor)
  }

  /// Writes a record, by one call of the kernel: those of concurrent calls do not mix.
  func write(_ record: JournalRecord) throws {
    let bytes = record.encoded
    guard Foundation.write(descriptor, bytes, bytes.count) == bytes.count else {
      throw SuiteError.system("writing the journal", errno)
    }
  }
}

/// Reads a journal while it grows.
struct CallerJournalReader: Sendable {
  private let path: String
  private var rest: [UInt8] = []
  private var offset: UInt64 = 0

  init(_ path: String) {
    self.path = path
  }

  /// The records that were added since the last time.
  mutating func read() throws -> [JournalRecord] {
    guard let file = FileHandle(forReadingAtPath: path) else { return [] }
    defer { try? file.close() }
    try file.seek(toOffset: offset)
    let added = try file.readToEnd() ?? Data()
    offset += UInt64(added.count)
    rest += added
    var records: [JournalRecord] = []
    var place = 0
    while let (record, byteCount) = try JournalRecord.first(of: rest[place...]) {
      records.append(record)
      place += byteCount
    }
    rest.removeFirst(place)
    return records
  }
}
