import FuzzTargets
import Glibc

/// What libFuzzer calls with every input. Which target it is for, `PATRON_FUZZ_TARGET` says.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  target.run(Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}

private let target: FuzzTarget = {
  let name = getenv("PATRON_FUZZ_TARGET").map { String(cString: $0) } ?? ""
  guard let target = FuzzTarget(rawValue: name) else {
    print("PATRON_FUZZ_TARGET must be one of \(FuzzTarget.allCases.map(\.rawValue))")
    exit(2)
  }
  return target
}()
