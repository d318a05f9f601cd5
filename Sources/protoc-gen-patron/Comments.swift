import SwiftProtobufPluginLibrary

extension CodePrinter {
  /// Prints the comment in front of a declaration as documentation.
  mutating func printComment(of descriptor: any ProvidesSourceCodeLocation) {
    for line in descriptor.protoSourceComments(commentPrefix: "///").split(separator: "\n") {
      print(line.trimmingTrailingSpaces)
    }
  }
}

extension Substring {
  fileprivate var trimmingTrailingSpaces: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
