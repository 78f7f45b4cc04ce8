#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What `usage_reply` says: the process and the machine, for the frontends' usage panels. The message is not in the
/// specification; the names are those that ipykernel gave it.
struct Usage {
  private var lastCPU = 0.0
  private var lastTime = 0.0

  /// The figures since the last call.
  mutating func content() -> JSON {
    let cpu = seconds(CLOCK_PROCESS_CPUTIME_ID)
    let time = now()
    let share = lastTime > 0 && time > lastTime ? (cpu - lastCPU) / (time - lastTime) * 100 : 0
    (lastCPU, lastTime) = (cpu, time)
    var members: [(String, JSON)] = [
      ("status", "ok"), ("hostname", .string(hostname())), ("pid", .int(Int(getpid()))),
      ("kernel_cpu", .double((share * 10).rounded() / 10)),
      ("kernel_memory", .int(residentBytes())),
      ("cpu_count", .int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))),
    ]
    if let total = memory("MemTotal:"), let available = memory("MemAvailable:"), total > 0 {
      let percent = Double(total - available) / Double(total) * 100
      members.append(
        (
          "host_virtual_memory",
          [
            "total": .int(total), "available": .int(available), "used": .int(total - available),
            "percent": .double((percent * 10).rounded() / 10),
          ]
        ))
    }
    return .object(members)
  }

  private func hostname() -> String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "" }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Bytes of this process in memory; at most so far on macOS.
  private func residentBytes() -> Int {
    #if os(Linux)
      let fields = lines("/proc/self/statm").first?.split(separator: " ") ?? []
      guard fields.count > 1, let pages = Int(fields[1]) else { return 0 }
      return pages * sysconf(Int32(_SC_PAGESIZE))
    #else
      var usage = rusage()
      getrusage(RUSAGE_SELF, &usage)
      return usage.ru_maxrss
    #endif
  }

  /// Bytes of a line such as `MemTotal: 16384 kB`, where the system tells.
  private func memory(_ label: String) -> Int? {
    for line in lines("/proc/meminfo") where line.hasPrefix(label) {
      let fields = line.split(separator: " ")
      return fields.count > 1 ? Int(fields[1]).map { $0 * 1024 } : nil
    }
    return nil
  }

  private func lines(_ path: String) -> [String] {
    guard let file = fopen(path, "r") else { return [] }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 8192)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes.prefix(count), as: UTF8.self).split(separator: "\n").map(String.init)
  }
}
