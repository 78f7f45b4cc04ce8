#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import Charts
import Testing

@Suite struct GalleryTests {
  @Test(arguments: Gallery.all) func svgIsAsRecorded(_ entry: Gallery.Entry) throws {
    expectGolden(try entry.make().svg(), "\(entry.name).svg")
  }

  @Test(arguments: Gallery.all) func vegaLiteIsAsRecorded(_ entry: Gallery.Entry) throws {
    expectGolden(try entry.make().vegaLite + "\n", "\(entry.name).vl.json")
  }

  @Test func everyKindIsInTheGallery() throws {
    let kinds = Set(try Gallery.all.map { try $0.make().kind })
    #expect(kinds == Set(ChartKind.allCases))
  }

  @Test func everyChartHasWordsForThoseWhoCannotSeeIt() throws {
    for entry in Gallery.all { #expect(try entry.make().altText.count > 20, "\(entry.name)") }
  }
}

/// The gallery as a page and as images, written where `MARTLET_GALLERY` says: a folder.
struct GalleryPageTests {
  @Test func galleryIsWritten() throws {
    let folder = GalleryPage.folder
    try GalleryPage.write(to: folder)
    let page = try String(contentsOf: folder.appendingPathComponent("index.html"), encoding: .utf8)
    for entry in Gallery.all { #expect(page.contains("\(entry.name).svg")) }
  }
}
