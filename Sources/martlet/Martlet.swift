import ArgumentParser

/// The command line: wiring only.
@main
struct Martlet: ParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "martlet", abstract: "A Jupyter kernel for people who analyse sales and customers.", version: version,
    subcommands: [KernelCommand.self, InstallCommand.self, UninstallCommand.self, RunCommand.self, DocsCommand.self])
}
