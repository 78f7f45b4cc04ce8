import Columnar

/// How a function is called: what the checker, completion, `help` and the documentation read.
public struct FunctionSignature: Hashable, Sendable {
  /// The name as it is written in a cell.
  public var name: String
  /// The parameters in order.
  public var parameters: [FunctionParameter]
  /// What comes back, in a few words.
  public var result: String
  /// One line for help, without a full stop.
  public var summary: String
  /// A call as an analyst would write it.
  public var example: String

  /// Describes a function.
  public init(
    _ name: String, _ parameters: [FunctionParameter], _ result: String, _ summary: String, example: String
  ) {
    self.name = name
    self.parameters = parameters
    self.result = result
    self.summary = summary
    self.example = example
  }

  /// The call with its parameters: `round(x, [digits])`.
  public var usage: String {
    let words = parameters.map { parameter in
      let name = parameter.repeats ? parameter.name + ", …" : parameter.name
      return parameter.isRequired ? name : "[\(name)]"
    }
    return "\(name)(\(words.joined(separator: ", ")))"
  }

  /// Throws when these arguments do not fit the parameters; `part` is the call as text.
  public func check(_ arguments: [ExprType], in part: @autoclosure () -> String) throws(QueryError) {
    let least = parameters.count { $0.isRequired }
    let most = parameters.last?.repeats == true ? Int.max : parameters.count
    guard arguments.count >= least, arguments.count <= most else {
      throw .wrongArgumentCount(expected: countWords(least, most), found: arguments.count, in: part())
    }
    for (place, argument) in arguments.enumerated() {
      let parameter = parameters[min(place, parameters.count - 1)]
      try parameter.check(argument, in: part())
    }
  }

  private func countWords(_ least: Int, _ most: Int) -> String {
    if most == Int.max { return "\(least) or more" }
    return least == most ? "\(least)" : least + 1 == most ? "\(least) or \(most)" : "\(least) to \(most)"
  }
}

/// One parameter of a function.
public struct FunctionParameter: Hashable, Sendable {
  /// What a parameter takes.
  public enum Kind: Hashable, Sendable {
    case number
    case text
    /// A truth value.
    case condition
    /// A number, or a condition that counts as 1 or 0.
    case numberOrCondition
    /// A day or a moment.
    case date
    /// A moment with a time of day.
    case moment
    /// A day, a moment or a period.
    case dateOrPeriod
    /// A text to read a date from, or a date.
    case dateOrText
    /// Any value that has an order.
    case value
    /// A constant whole number.
    case wholeConstant
    /// A constant number.
    case numberConstant
    /// A constant text.
    case textConstant
    /// The constant name of a calendar unit.
    case grain
    /// A constant list of numbers.
    case numberList
    /// A constant list of texts.
    case textList
  }

  /// The name in help and in errors.
  public var name: String
  /// What it takes.
  public var kind: Kind
  /// Whether it may be left out.
  public var isRequired: Bool
  /// Whether the last parameter may be given many times.
  public var repeats: Bool

  /// Describes a parameter.
  public init(_ name: String, _ kind: Kind, optional: Bool = false, repeats: Bool = false) {
    self.name = name
    self.kind = kind
    isRequired = !optional
    self.repeats = repeats
  }

  /// Throws when the argument does not fit.
  func check(_ argument: ExprType, in part: @autoclosure () -> String) throws(QueryError) {
    guard fits(argument) else {
      throw .typeMismatch(expected: kind.words, found: argument.displayName, in: part())
    }
    switch kind {
    case .wholeConstant, .numberConstant, .textConstant:
      guard argument.constant != nil else {
        throw .invalidArgument(name, why: "it must be the same for all rows", in: part())
      }
    case .grain:
      guard case .text(let word)? = argument.constant, Grain(rawValue: word) != nil else {
        throw .invalidArgument(name, why: "say hour, day, week, month, quarter or year", in: part())
      }
    case .numberList, .textList:
      guard case .list(let items)? = argument.constant, !items.isEmpty, items.allSatisfy(fitsList) else {
        throw .invalidArgument(name, why: "it must be \(kind.words)", in: part())
      }
    default: break
    }
    if kind == .wholeConstant, let constant = argument.constant?.number, constant.rounded() != constant {
      throw .invalidArgument(name, why: "it must be a whole number", in: part())
    }
  }

  private func fits(_ argument: ExprType) -> Bool {
    switch kind {
    case .number, .wholeConstant, .numberConstant: argument.isNumeric
    case .text, .textConstant, .grain: argument.isText
    case .condition: argument.isBoolean
    case .numberOrCondition: argument.isNumeric || argument.isBoolean
    case .date: argument.isDate
    case .moment: argument.form == .missing || argument.form == .value(.datetime)
    case .dateOrPeriod: argument.isTemporal
    case .dateOrText: argument.isTemporal || argument.isText
    case .value: argument.dataType != nil
    case .numberList, .textList: argument.form == .list
    }
  }

  private func fitsList(_ item: Value) -> Bool {
    if kind == .numberList { return item.number != nil }
    if case .text = item { return true }
    return false
  }
}

extension FunctionParameter.Kind {
  /// The words for what is expected.
  public var words: String {
    switch self {
    case .number, .wholeConstant, .numberConstant: "number"
    case .text, .textConstant, .grain: "text"
    case .condition: "bool"
    case .numberOrCondition: "number or bool"
    case .date: "date"
    case .moment: "date with a time of day"
    case .dateOrPeriod: "date or period"
    case .dateOrText: "text or date"
    case .value: "a column or a value"
    case .numberList: "a list of numbers"
    case .textList: "a list of texts"
    }
  }
}
