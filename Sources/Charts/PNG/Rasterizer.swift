import Columnar

/// Why there is no PNG image, as a fact.
public enum RasterError: Error, Hashable, Sendable {
  /// librsvg or cairo is not installed; the names are those of the packages to install.
  case libraryMissing(apt: String, brew: String)
  /// The library could not draw the document.
  case notDrawn
}

extension Chart {
  /// The chart as a PNG image on white paper.
  ///
  /// - Parameter scale: pixels of the image per pixel of the chart; 2 is sharp on dense screens and in print.
  public func png(scale: Double = 2) throws(RasterError) -> [UInt8] {
    let size = pictureSize
    return try Rasterizer.png(svg: svg(theme: .paper), width: size.width, height: size.height, scale: scale)
  }
}

/// Turns SVG documents into PNG images with librsvg, which is loaded on first use.
public enum Rasterizer {
  /// Whether images can be made on this machine.
  public static var isAvailable: Bool { functions != nil }

  /// Draws a document of this size.
  ///
  /// - Parameters:
  ///   - svg: a whole SVG document.
  ///   - width: its width in pixels, at most 4,000.
  ///   - height: its height in pixels, at most 8,000.
  ///   - scale: pixels of the image per pixel of the document, 0.25…4.
  public static func png(svg: String, width: Double, height: Double, scale: Double) throws(RasterError) -> [UInt8] {
    guard let functions else { throw .libraryMissing(apt: "librsvg2-2", brew: "librsvg") }
    let factor = min(4, max(0.25, scale))
    guard let columns = Int32(exactly: (min(4000, width) * factor).rounded()),
      let rows = Int32(exactly: (min(8000, height) * factor).rounded()), columns > 0, rows > 0
    else { throw .notDrawn }
    guard let image = functions.draw(svg, columns, rows) else { throw .notDrawn }
    return image
  }

  private static let functions = RasterFunctions()
}

/// `RsvgRectangle`.
private struct RasterRectangle {
  var x: Double
  var y: Double
  var width: Double
  var height: Double
}

/// The functions of librsvg and cairo that drawing needs.
private struct RasterFunctions: Sendable {
  typealias Handle = UnsafeMutableRawPointer
  typealias Sink = @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<UInt8>?, UInt32) -> Int32

  let read: @convention(c) (UnsafePointer<UInt8>?, Int, UnsafeMutablePointer<Handle?>?) -> Handle?
  let render: @convention(c) (Handle, Handle, UnsafeRawPointer?, UnsafeMutablePointer<Handle?>?) -> Int32
  let release: @convention(c) (Handle) -> Void
  let makeSurface: @convention(c) (Int32, Int32, Int32) -> Handle?
  let surfaceStatus: @convention(c) (Handle) -> Int32
  let makeContext: @convention(c) (Handle) -> Handle?
  let destroyContext: @convention(c) (Handle) -> Void
  let destroySurface: @convention(c) (Handle) -> Void
  let write: @convention(c) (Handle, Sink, UnsafeMutableRawPointer?) -> Int32

  init?() {
    guard let rsvg = SharedLibrary(["librsvg-2.so.2", "librsvg-2.2.dylib", "/opt/homebrew/lib/librsvg-2.2.dylib"]),
      let cairo = SharedLibrary(["libcairo.so.2", "libcairo.2.dylib", "/opt/homebrew/lib/libcairo.2.dylib"]),
      let objects = SharedLibrary([
        "libgobject-2.0.so.0", "libgobject-2.0.0.dylib", "/opt/homebrew/lib/libgobject-2.0.0.dylib",
      ]),
      let read = rsvg.function(
        "rsvg_handle_new_from_data",
        as: (@convention(c) (UnsafePointer<UInt8>?, Int, UnsafeMutablePointer<Handle?>?) -> Handle?).self),
      let render = rsvg.function(
        "rsvg_handle_render_document",
        as: (@convention(c) (Handle, Handle, UnsafeRawPointer?, UnsafeMutablePointer<Handle?>?) -> Int32).self),
      let release = objects.function("g_object_unref", as: (@convention(c) (Handle) -> Void).self),
      let makeSurface = cairo.function(
        "cairo_image_surface_create", as: (@convention(c) (Int32, Int32, Int32) -> Handle?).self),
      let surfaceStatus = cairo.function("cairo_surface_status", as: (@convention(c) (Handle) -> Int32).self),
      let makeContext = cairo.function("cairo_create", as: (@convention(c) (Handle) -> Handle?).self),
      let destroyContext = cairo.function("cairo_destroy", as: (@convention(c) (Handle) -> Void).self),
      let destroySurface = cairo.function("cairo_surface_destroy", as: (@convention(c) (Handle) -> Void).self),
      let write = cairo.function(
        "cairo_surface_write_to_png_stream",
        as: (@convention(c) (Handle, Sink, UnsafeMutableRawPointer?) -> Int32).self)
    else { return nil }
    self.read = read
    self.render = render
    self.release = release
    self.makeSurface = makeSurface
    self.surfaceStatus = surfaceStatus
    self.makeContext = makeContext
    self.destroyContext = destroyContext
    self.destroySurface = destroySurface
    self.write = write
  }

  /// The image's bytes; nil when the document or the memory was not good enough.
  func draw(_ svg: String, _ columns: Int32, _ rows: Int32) -> [UInt8]? {
    let bytes = Array(svg.utf8)
    guard let document = bytes.withUnsafeBufferPointer({ read($0.baseAddress, $0.count, nil) }) else { return nil }
    defer { release(document) }
    // Format 0 is 32 bits a pixel with transparency.
    guard let surface = makeSurface(0, columns, rows) else { return nil }
    defer { destroySurface(surface) }
    guard surfaceStatus(surface) == 0, let context = makeContext(surface) else { return nil }
    var viewport = RasterRectangle(x: 0, y: 0, width: Double(columns), height: Double(rows))
    let isDrawn = withUnsafePointer(to: &viewport) { render(document, context, UnsafeRawPointer($0), nil) }
    destroyContext(context)
    guard isDrawn != 0 else { return nil }
    let image = PNGBytes()
    let collect: Sink = { closure, data, count in
      guard let closure, let data else { return 11 }
      Unmanaged<PNGBytes>.fromOpaque(closure).takeUnretainedValue().bytes.append(
        contentsOf: UnsafeBufferPointer(start: data, count: Int(count)))
      return 0
    }
    let status = write(surface, collect, Unmanaged.passUnretained(image).toOpaque())
    return status == 0 ? image.bytes : nil
  }
}

/// Where cairo's writer puts its bytes.
private final class PNGBytes {
  var bytes: [UInt8] = []
}
