/// Where one running cell sends its outputs. It carries the request that the cell came in, so that no output can land in
/// another cell.
public struct CellSink: Sendable {
  /// The two output streams.
  public enum StreamName: String, Sendable {
    case stdout, stderr
  }

  let parent: Message
  let outbox: Outbox
  let inputDesk: InputDesk
  /// Whether this cell is to end.
  public let interruption: Interruption
  let silent: Bool
  let allowsInput: Bool
  let executionCount: Int

  private func publish(_ type: String, _ content: JSON, metadata: JSON = .object([])) {
    outbox.publish(type, parent: parent.rawHeader, content, metadata: metadata)
  }

  /// Prints text. Pieces are gathered, and sent some ten times a second or before any other output.
  public func stream(_ name: StreamName = .stdout, _ text: String) {
    outbox.stream(name.rawValue, text, parent: parent.rawHeader)
  }

  /// Shows an output; with an identifier it can be updated later.
  public func display(_ bundle: MIMEBundle, id: String? = nil) { show("display_data", bundle, id) }

  /// Replaces the output with this identifier.
  public func updateDisplay(_ bundle: MIMEBundle, id: String) { show("update_display_data", bundle, id) }

  /// Clears the cell's outputs; with `wait`, when the next one comes.
  public func clearOutput(wait: Bool) { publish("clear_output", ["wait": .bool(wait)]) }

  /// Shows the cell's value. A silent cell has none.
  public func result(_ bundle: MIMEBundle) {
    if silent { return }
    publish(
      "execute_result",
      ["execution_count": .int(executionCount), "data": bundle.json, "metadata": bundle.metadata])
  }

  /// Asks the person at the frontend for a line; returns when it was given. Fails at once when the frontend cannot ask.
  public func input(prompt: String, password: Bool = false) throws(InputUnavailable) -> String {
    guard allowsInput else { throw .notAllowed }
    return try inputDesk.ask(
      prompt: prompt, password: password, for: parent, outbox: outbox, interruption: interruption)
  }

  private func show(_ type: String, _ bundle: MIMEBundle, _ id: String?) {
    let transient: JSON = .object(id.map { [("display_id", .string($0))] } ?? [])
    publish(type, ["data": bundle.json, "metadata": bundle.metadata, "transient": transient])
  }
}

/// Why no line came.
public enum InputUnavailable: Error, Hashable, Sendable {
  /// The frontend said that it cannot ask.
  case notAllowed
  /// The cell was interrupted while it waited.
  case interrupted
}
