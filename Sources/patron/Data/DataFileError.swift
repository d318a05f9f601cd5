/// A data file that can't be read, and why.
struct DataFileError: Error, Hashable, CustomStringConvertible {
  /// The file.
  var path: String

  /// The line, counted from 1, if it is known.
  var line: Int?

  /// What is wrong, as the end of a sentence.
  var problem: String

  var description: String {
    if let line { "\(path), line \(line): \(problem)" } else { "\(path): \(problem)" }
  }
}
