#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How much memory a table may take before the machine is short of it.
enum MemoryBudget {
  /// Bytes that this process can still have: what the system calls available, and what its control groups leave; nil where
  /// nobody says.
  static var available: Int? {
    #if os(Linux)
      [systemAvailable, groupAvailable].compactMap { $0 }.min()
    #else
      physical
    #endif
  }

  /// Throws when columns that are being read take more than there was.
  static func check(_ path: String, taken: Int, rows: Int, of budget: Int?) throws(SourceError) {
    guard let budget, taken > budget else { return }
    throw .tooLarge(path: path, bytes: taken, available: budget, rows: rows, isWhole: false, columns: [])
  }

  #if os(Linux)
    /// `MemAvailable`: free memory and what can be freed without swapping.
    private static var systemAvailable: Int? {
      lines("/proc/meminfo").first { $0.first == "MemAvailable:" }.flatMap { $0.dropFirst().first }.flatMap { Int($0) }
        .map { $0 * 1024 }
    }

    /// What the tightest control group around this process leaves, in either version of their files.
    private static var groupAvailable: Int? {
      lines("/proc/self/cgroup").compactMap { $0.first }.flatMap { line -> [Int] in
        let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3 else { return [] }
        let isSecond = parts[1].isEmpty
        guard isSecond || parts[1].split(separator: ",").contains("memory") else { return [] }
        return folders(parts[2]).compactMap { folder in
          isSecond
            ? left("/sys/fs/cgroup\(folder)", "memory.max", "memory.current", "inactive_file")
            : left(
              "/sys/fs/cgroup/memory\(folder)", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
        }
      }.min()
    }

    /// A group and those around it; within a container the path of the host's tree is the root here.
    private static func folders(_ path: Substring) -> [String] {
      var parts = path.split(separator: "/")
      var folders: [String] = [""]
      while !parts.isEmpty {
        folders.append("/" + parts.joined(separator: "/"))
        parts.removeLast()
      }
      return folders
    }

    private static func left(_ folder: String, _ limit: String, _ usage: String, _ cache: String) -> Int? {
      func number(_ file: String) -> Int? { lines("\(folder)/\(file)").first?.first.flatMap { Int($0) } }
      guard let most = number(limit), let used = number(usage), most < 1 << 60 else { return nil }
      let freed = lines("\(folder)/memory.stat").first { $0.first == cache[...] }?.last.flatMap { Int($0) } ?? 0
      return max(0, most - used + freed)
    }

    /// The words of the lines of a small file of the system; none when it is not there.
    private static func lines(_ path: String) -> [[Substring]] {
      guard let file = fopen(path, "r") else { return [] }
      defer { fclose(file) }
      var bytes = [UInt8](repeating: 0, count: 1 << 15)
      let count = fread(&bytes, 1, bytes.count, file)
      return String(decoding: bytes.prefix(count), as: UTF8.self).split(separator: "\n").map {
        $0.split(separator: " ")
      }
    }
  #else
    private static var physical: Int? {
      var bytes: UInt64 = 0
      var size = MemoryLayout<UInt64>.size
      guard sysctlbyname("hw.memsize", &bytes, &size, nil, 0) == 0 else { return nil }
      return Int(clamping: bytes)
    }
  #endif
}
