// Teaches JupyterLab's editor the look of Martlet. Written by hand: nothing is built, and JupyterLab shares its own modules.
(function () {
  'use strict';

  let modules;

  /** A module that JupyterLab shares with its extensions. */
  async function shared(name) {
    const versions = modules[name];
    if (!versions) throw new Error('JupyterLab does not share ' + name);
    const factory = await Object.values(versions)[0].get();
    return factory();
  }

  const words = new Set((
    'and or not in is between contains starts ends with matches if then else by per for into after from vs on as asc desc'
  ).split(' '));
  const constants = new Set(['true', 'false', 'missing']);
  const declarations = new Set(['param', 'define', 'include']);
  const alone = new Set(['tables', 'params', 'clear', 'help', 'plan', 'describe', 'note']);
  const units = /^(?:minutes?|hours?|days?|weeks?|months?|quarters?|years?|[dwhmy])\b/;

  const date = /^\d{4}-(?:\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?)?|\d\d|Q[1-4]|W\d\d)(?![\w-])/;
  const number = /^\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?%?/;
  const name = /^[\p{L}_][\p{L}\p{N}_]*/u;

  /** A word, seen in its place: a verb begins a pipeline's step, a function has a bracket behind it. */
  function word(stream, state) {
    const text = stream.match(name)[0];
    const begins = state.expectsVerb;
    state.expectsVerb = false;
    if (/^[fF]$/.test(text) && /^["']/.test(stream.string.slice(stream.pos))) return quoted(stream, state);
    if (constants.has(text)) return 'atom';
    if (state.afterNumber && units.test(text)) return 'number';
    const rest = stream.string.slice(stream.pos);
    if (begins && /^\s*=(?!=)/.test(rest)) return 'variableName.definition';
    if (begins && declarations.has(text)) return 'keyword';
    // A name with a pipe behind it is a table; so is mostly one that stands alone, with the pipe in the next line.
    if (begins && !state.afterPipe && /^\s*(?:#|$)/.test(rest) && !alone.has(text)) return 'variableName';
    if (begins && !/^\s*(?:\||\()/.test(rest) && !words.has(text)) return 'keyword';
    if (begins && state.afterPipe && !words.has(text)) return 'keyword';
    if (words.has(text)) return 'operatorKeyword';
    if (/^\(/.test(rest)) return 'variableName.function';
    if (/^=(?!=)/.test(rest)) return 'propertyName';
    return 'variableName';
  }

  /** A text in quotes, to its end or the line's; three double quotes go on over lines. */
  function quoted(stream, state) {
    if (stream.match('"""')) {
      state.inNote = true;
      return note(stream, state);
    }
    const quote = stream.next();
    while (!stream.eol()) {
      const character = stream.next();
      if (character === '\\') stream.next();
      else if (character === quote) break;
    }
    return 'string';
  }

  function note(stream, state) {
    while (!stream.eol()) {
      if (stream.match('"""')) {
        state.inNote = false;
        break;
      }
      if (stream.next() === '\\') stream.next();
    }
    return 'string';
  }

  const parser = {
    name: 'martlet',
    startState: () => ({ inNote: false, expectsVerb: true, afterPipe: false, afterNumber: false, depth: 0 }),
    copyState: state => Object.assign({}, state),
    token(stream, state) {
      if (state.inNote) return note(stream, state);
      // A line that is not indented begins a statement, unless a bracket is open.
      if (stream.sol() && state.depth === 0 && !/^\s/.test(stream.string)) state.expectsVerb = true;
      if (stream.eatSpace()) return null;
      if (stream.peek() === '#') {
        stream.skipToEnd();
        return 'comment';
      }
      const afterNumber = state.afterNumber;
      state.afterNumber = false;
      if (/["']/.test(stream.peek())) {
        state.expectsVerb = false;
        return quoted(stream, state);
      }
      if (stream.match(/^`[^`]*`?/)) {
        state.expectsVerb = false;
        return 'variableName.special';
      }
      if (stream.match(date)) return 'number';
      if (stream.match(number)) {
        state.afterNumber = true;
        state.expectsVerb = false;
        return 'number';
      }
      if (stream.match(name, false)) {
        state.afterNumber = afterNumber;
        const style = word(stream, state);
        state.afterNumber = false;
        state.afterPipe = false;
        return style;
      }
      const sign = stream.next();
      if ('([{'.includes(sign)) state.depth += 1;
      if (')]}'.includes(sign)) state.depth = Math.max(0, state.depth - 1);
      // Behind a pipe stands a verb; behind `name =` and `(` a table or a verb.
      state.afterPipe = sign === '|';
      if (sign === '|') state.expectsVerb = true;
      if ('([{)]}'.includes(sign)) return 'bracket';
      return ',;'.includes(sign) ? 'punctuation' : 'operator';
    },
    languageData: {
      commentTokens: { line: '#' },
      closeBrackets: { brackets: ['(', '[', '"', '`'] },
      indentOnInput: /^\s*\|$/
    }
  };

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB['martlet-lab'] = {
    init: scope => { modules = scope; },
    get: async () => {
      const { IEditorLanguageRegistry } = await shared('@jupyterlab/codemirror');
      const { LanguageSupport, StreamLanguage } = await shared('@codemirror/language');
      const plugin = {
        id: 'martlet-lab:language',
        description: 'Colours Martlet cells.',
        autoStart: true,
        requires: [IEditorLanguageRegistry],
        activate: (_, languages) => {
          languages.addLanguage({
            name: 'martlet',
            displayName: 'Martlet',
            mime: 'text/x-martlet',
            extensions: ['martlet'],
            support: new LanguageSupport(StreamLanguage.define(parser))
          });
        }
      };
      return () => ({ __esModule: true, default: plugin });
    }
  };
})();
