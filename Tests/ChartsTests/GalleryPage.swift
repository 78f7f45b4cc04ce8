import Charts

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Writes every chart of the gallery as a file of each renderer, and a page that shows them.
enum GalleryPage {
  static var folder: URL {
    ProcessInfo.processInfo.environment["MARTLET_GALLERY"].map { URL(fileURLWithPath: $0) }
      ?? FileManager.default.temporaryDirectory.appendingPathComponent("martlet-charts")
  }

  static func write(to folder: URL) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var page = "<!doctype html>\n<meta charset=\"utf-8\">\n<title>Charts of Martlet</title>\n"
    page += "<body style=\"font-family: sans-serif; max-width: 760px; margin: 2em auto\">\n<h1>Charts</h1>\n"
    for entry in Gallery.all {
      let chart = try entry.make()
      func put(_ bytes: some Sequence<UInt8>, _ ending: String) throws {
        try Data(bytes).write(to: folder.appendingPathComponent("\(entry.name).\(ending)"))
      }
      try put(chart.svg().utf8, "svg")
      try put(chart.vegaLite.utf8, "vl.json")
      if Rasterizer.isAvailable { try put(chart.png(), "png") }
      page += "<h2>\(entry.name)</h2>\n<img src=\"\(entry.name).svg\" alt=\"\(entry.name)\">\n"
      page += chart.notes.map { "<p>\($0)</p>\n" }.joined()
    }
    try Data(page.utf8).write(to: folder.appendingPathComponent("index.html"))
  }
}
