/// The cells of this session, for the three kinds of history request.
struct History: Sendable {
  private struct Entry {
    var line: Int
    var input: String
    var output: String?
  }

  private var entries: [Entry] = []
  private let session = 1

  mutating func add(line: Int, input: String, output: String?) {
    entries.append(Entry(line: line, input: input, output: output))
  }

  /// The entries that a request asks for, as the specification's `[session, line, input]` or `[…, [input, output]]`.
  func answer(_ request: Contents.History) -> JSON {
    let wanted: [Entry]
    switch request.histAccessType {
    case "range": wanted = range(request)
    case "search": wanted = search(request)
    default: wanted = Array(entries.suffix(max(0, request.n ?? 10)))
    }
    return .array(
      wanted.map { entry in
        let text: JSON =
          request.output == true
          ? [.string(entry.input), entry.output.map(JSON.string) ?? .null] : .string(entry.input)
        return [.int(session), .int(entry.line), text]
      })
  }

  private func range(_ request: Contents.History) -> [Entry] {
    // 0 is the current session, a negative number counts back; there is none before this one.
    guard [0, session].contains(request.session ?? 0) else { return [] }
    let start = request.start ?? 1
    let stop = request.stop ?? Int.max
    return entries.filter { $0.line >= start && $0.line < stop }
  }

  private func search(_ request: Contents.History) -> [Entry] {
    var found = entries.filter { Glob(request.pattern ?? "*").matches($0.input) }
    if request.unique == true {
      var seen: Set<String> = []
      found = found.reversed().filter { seen.insert($0.input).inserted }.reversed()
    }
    return request.n.map { Array(found.suffix(max(0, $0))) } ?? found
  }
}

/// A pattern of `*` and `?`.
package struct Glob: Sendable {
  private let pattern: [Unicode.Scalar]

  package init(_ pattern: String) { self.pattern = Array(pattern.unicodeScalars) }

  /// Whether the whole text fits. Takes time of pattern × text at most: only the last star is ever gone back to.
  package func matches(_ text: String) -> Bool {
    let text = Array(text.unicodeScalars)
    var (p, t) = (0, 0)
    var star: (pattern: Int, text: Int)?
    while t < text.count {
      if p < pattern.count, pattern[p] == "*" {
        star = (p, t)
        p += 1
      } else if p < pattern.count, pattern[p] == "?" || pattern[p] == text[t] {
        p += 1
        t += 1
      } else if let last = star {
        p = last.pattern + 1
        t = last.text + 1
        star = (last.pattern, t)
      } else {
        return false
      }
    }
    return pattern[p...].allSatisfy { $0 == "*" }
  }
}
