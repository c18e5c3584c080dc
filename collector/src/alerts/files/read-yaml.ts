/** YAML of people, read with care: what it means, and where each part of it stands. */
import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
  type YAMLMap,
} from 'yaml';
import type { FileProblem } from './file-problem.ts';

export type Path = readonly PropertyKey[];

export type YamlSource = {
  readonly file: string;
  readonly value: unknown;
  /** Of what stands at a path; of what is not there, of the nearest part around it. */
  readonly at: (path: Path, sentence: string) => FileProblem;
  /** As `at`, of the name of a field instead of its value. */
  readonly atName: (path: Path, sentence: string) => FileProblem;
};

export type YamlRead =
  | { readonly type: 'read'; readonly source: YamlSource }
  | { readonly type: 'broken'; readonly problems: readonly FileProblem[] };

export const mostBytes = 1024 * 1024;
/** An alias of aliases of aliases is small to write and has no end. */
const mostAliases = 100;

export function readYaml(file: string, text: string): YamlRead {
  const lines = new LineCounter();
  const problemAt = (offset: number, sentence: string): FileProblem => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col, sentence };
  };
  const broken = (...problems: FileProblem[]): YamlRead => ({ type: 'broken', problems });
  const whole = (sentence: string): YamlRead => broken({ file, line: 0, column: 0, sentence });
  if (Buffer.byteLength(text) > mostBytes) return whole('Keep a file below one mebibyte.');
  try {
    const document = parse(text, lines);
    // An unknown tag is a warning to the parser; here it would be something that is left out in silence.
    const wrong = [...document.errors, ...document.warnings];
    if (wrong.some(({ code }) => code === 'RESOURCE_EXHAUSTION')) return whole(tooDeep);
    if (wrong.length > 0)
      return broken(...wrong.map(({ pos, message }) => problemAt(pos[0], toSentence(message))));
    const odd = findOdd(document);
    if (odd.length > 0) return broken(...odd.map(([at, sentence]) => problemAt(at, sentence)));
    const value: unknown = document.toJS({ maxAliasCount: mostAliases });
    return { type: 'read', source: toSource(file, document, value, problemAt) };
  } catch (error) {
    if (error instanceof RangeError) return whole(tooDeep);
    if (error instanceof ReferenceError)
      return whole(`It cannot be read: ${toSentence(error.message)} Use fewer aliases.`);
    throw error;
  }
}

function parse(text: string, lineCounter: LineCounter): Document.Parsed {
  return parseDocument(text, {
    version: '1.2',
    schema: 'core',
    merge: false,
    strict: true,
    uniqueKeys: true,
    stringKeys: true,
    prettyErrors: false,
    lineCounter,
  });
}

const tooDeep = 'It is nested too deeply to be read.';
/** Validation would leave it out without a word. */
const oddName = '__proto__ cannot be the name of anything. Choose another name.';

/** What the parser takes, and should not: where it stands, and what to change. */
function findOdd(document: Document.Parsed): [at: number, sentence: string][] {
  const found: [number, string][] = [];
  const anchors = new Set<string>();
  visit(document, {
    Pair: (_, { key }) => {
      if (isScalar(key) && key.value === '__proto__') found.push([startOf(key), oddName]);
    },
    Value: (_, { anchor }) => {
      if (anchor !== undefined) anchors.add(anchor);
    },
    Alias: (_, alias) => {
      if (anchors.has(alias.source)) return;
      found.push([
        startOf(alias),
        `There is no anchor &${alias.source} above. Check its spelling.`,
      ]);
    },
  });
  return found;
}

function toSource(
  file: string,
  document: Document.Parsed,
  value: unknown,
  problemAt: (offset: number, sentence: string) => FileProblem,
): YamlSource {
  return {
    file,
    value,
    at: (path, sentence) => problemAt(startOf(findNode(document, path)), sentence),
    atName: (path, sentence) => {
      const around = findNode(document, path.slice(0, -1));
      const key = isMap(around) ? keyOf(around, String(path.at(-1))) : null;
      return problemAt(startOf(key ?? around), sentence);
    },
  };
}

function startOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}

/** The deepest that is there. */
function findNode(document: Document.Parsed, path: Path): Node | null {
  let node: Node | null = document.contents;
  for (const step of path) {
    const next = childOf(resolve(document, node), step);
    if (next === null) return node;
    node = next;
  }
  return node;
}

function resolve(document: Document.Parsed, node: Node | null): Node | null {
  return isAlias(node) ? (node.resolve(document) ?? null) : node;
}

function childOf(node: Node | null, step: PropertyKey): Node | null {
  if (!isMap(node) && !isSeq(node)) return null;
  const name = typeof step === 'symbol' ? '' : step;
  const child: unknown = node.get(isMap(node) ? String(name) : name, true);
  if (isScalar(child) || isMap(child) || isSeq(child) || isAlias(child)) return child;
  // A name with nothing after it.
  return isMap(node) ? keyOf(node, String(name)) : null;
}

function keyOf(map: YAMLMap, name: string): Node | null {
  const pair = map.items.find(({ key }) => isScalar(key) && String(key.value) === name);
  return isPair(pair) && isScalar(pair.key) ? pair.key : null;
}

/** The parser's own words, as a sentence. */
function toSentence(message: string): string {
  return message.replace(/\.?$/, '.');
}
