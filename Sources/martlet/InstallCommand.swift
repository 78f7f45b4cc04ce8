import ArgumentParser

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Where Jupyter looks for kernels.
struct InstallLocation: ParsableArguments {
  @Option(help: "A folder such as a virtual environment's: the kernel goes to its share/jupyter.")
  var prefix: String?

  /// The folder that holds `kernels` and `labextensions`.
  var jupyterFolder: String {
    if let prefix { return "\(prefix)/share/jupyter" }
    let environment = ProcessInfo.processInfo.environment
    if let folder = environment["JUPYTER_DATA_DIR"], !folder.isEmpty { return folder }
    let home = environment["HOME"] ?? "."
    #if os(macOS)
      return "\(home)/Library/Jupyter"
    #else
      let data = environment["XDG_DATA_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? "\(home)/.local/share"
      return "\(data)/jupyter"
    #endif
  }

  /// The kernelspec's folder.
  var kernelFolder: String { "\(jupyterFolder)/kernels/martlet" }
}

/// `martlet install`: tells Jupyter of the kernel.
struct InstallCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "install", abstract: "Installs the kernelspec, for this user or below a prefix.")

  @OptionGroup var location: InstallLocation

  @Option(help: "The folder with the kernelspec's logos; found beside the program when left out.")
  var resources: String?

  func run() throws {
    let folder = location.kernelFolder
    let files = FileManager.default
    try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let program = try programPath()
    let spec = """
      {
        "argv": [\(quoted(program)), "kernel", "{connection_file}"],
        "display_name": "Martlet",
        "language": "martlet",
        "interrupt_mode": "message",
        "kernel_protocol_version": "5.5",
        "metadata": {"debugger": false, "supported_encryption": ["curve"]}
      }

      """
    try Data(spec.utf8).write(to: URL(fileURLWithPath: "\(folder)/kernel.json"))
    if let resources = resources ?? Self.resources(near: program) {
      for name in try files.contentsOfDirectory(atPath: resources) where name.hasPrefix("logo-") {
        let target = "\(folder)/\(name)"
        if files.fileExists(atPath: target) { try files.removeItem(atPath: target) }
        try files.copyItem(atPath: "\(resources)/\(name)", toPath: target)
      }
      let extensionSource = "\(resources)/labextension"
      if files.fileExists(atPath: extensionSource) {
        let target = "\(location.jupyterFolder)/labextensions/martlet-lab"
        try files.createDirectory(
          atPath: "\(location.jupyterFolder)/labextensions", withIntermediateDirectories: true)
        if files.fileExists(atPath: target) { try files.removeItem(atPath: target) }
        try files.copyItem(atPath: extensionSource, toPath: target)
      }
    }
    print("installed the Martlet kernel in \(folder)")
  }

  private func programPath() throws -> String {
    #if os(Linux)
      return try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    #else
      let path = CommandLine.arguments[0]
      return path.hasPrefix("/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path)"
    #endif
  }

  /// The `kernelspec` folder of the project that the program was built in.
  private static func resources(near program: String) -> String? {
    var folder = program
    while let slash = folder.lastIndex(of: "/"), folder.count > 1 {
      folder = String(folder[..<slash])
      if FileManager.default.fileExists(atPath: "\(folder)/kernelspec/logo-svg.svg") { return "\(folder)/kernelspec" }
    }
    return nil
  }

  private func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}

/// `martlet uninstall`: removes what `install` has written.
struct UninstallCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "uninstall", abstract: "Removes what install has written.")

  @OptionGroup var location: InstallLocation

  func run() throws {
    var removed = 0
    for folder in [location.kernelFolder, "\(location.jupyterFolder)/labextensions/martlet-lab"]
    where FileManager.default.fileExists(atPath: folder) {
      try FileManager.default.removeItem(atPath: folder)
      print("removed \(folder)")
      removed += 1
    }
    if removed == 0 { print("no Martlet kernel in \(location.jupyterFolder)") }
  }
}
