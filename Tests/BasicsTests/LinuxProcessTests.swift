import Basics
import Foundation
import Testing

@Suite("Processes under /proc")
struct LinuxProcessTests {
  @Test("the start time is found behind a name that holds spaces and brackets")
  func startTime() {
    let stat = "42 (a ) (b) R 1 42 42 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 987654 1 1"
    let status = LinuxProcess.Status(stat: stat)
    #expect(status?.startTicks == 987_654 && status?.hasEnded == false)
    #expect(status?.command == "a ) (b" && status?.parent == 1)
  }

  @Test("a process that has ended is known as such, though its parent has not waited for it")
  func zombie() {
    let stat = "42 (a) Z 1 42 42 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 987654 1 1"
    #expect(LinuxProcess.Status(stat: stat)?.hasEnded == true)
  }

  @Test("this process is found with all that it has")
  func current() throws {
    let process = LinuxProcess.current
    #expect(LinuxProcess.all.contains(process))
    #expect(try #require(process.status).processorTime >= .zero)
    #expect(process.openFileDescriptors.contains(0) || !process.openFileDescriptors.isEmpty)
    #expect(try #require(process.residentBytes) > 1 << 20)
    #expect(process.workingDirectory == FileManager.default.currentDirectoryPath)
    #expect(try #require(process.executable).hasPrefix("/"))
    #expect(try #require(process.startTimeSeconds) < Date().timeIntervalSince1970 + 1)
  }

  @Test("a process that is not there has nothing")
  func none() {
    let process = LinuxProcess(id: Int32.max)
    #expect(process.status == nil && process.residentBytes == nil && process.openFileDescriptors == [])
    #expect(process.executable == nil && process.startTimeSeconds == nil)
  }
}
