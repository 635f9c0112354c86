// What can be typed at a place in a dialogue: the fields of its schema, and the names that the text itself and the
// sources have. The place is read from the indentation, for a text that is being typed is seldom whole.
import { snippetCompletion } from '@codemirror/autocomplete';

// What has yet to be written begins as in what comes from Twine, so that no dialogue is published with it.
const YET = (what) => `\${(nog schrijven) ${what}}`;
const ANSWER = `id: \${naam}\n  examples:\n    - ${YET('hoe je het kunt zeggen')}\n  tags: [\${open_vraag}]\n  feedback: ${YET('hoe dit landde, en waarom')}\n  to: \${volgende}`;
const TEMPLATES = {
  scenes: [
    ['nieuwe scène', `id: \${naam}\n  says: ${YET('wat de cliënt zegt')}\n  thinks: ${YET('wat de cliënt denkt')}\n  hint: ${YET('een tip')}\n  options:\n    - ${ANSWER.replaceAll('\n', '\n    ')}`],
    ['nieuw einde', `id: \${naam}\n  ending: \${open}\n  says: ${YET('wat de cliënt als laatste zegt')}\n  thinks: ${YET('wat de cliënt denkt')}\n  about: ${YET('wat dit einde betekent')}`],
  ],
  options: [['nieuw antwoord', ANSWER]],
  goals: [['nieuw leerdoel', `id: \${naam}\n  text: ${YET('je …')}\n  sources:\n    - {id: \${bron}, section: "\${kop}"}`]],
};
const COMPARED = ['>=', '<=', '='].flatMap((how) => Array.from({ length: 11 }, (_, at) => `"${how} ${at}"`));

export function completer({ schema, sources, techniques }) {
  return (context) => {
    const here = placeOf(context.state.doc, context.pos);
    if (!here || (!context.explicit && !here.typed)) return null;
    const found = here.key === null ? names(here, context) : values(here, context);
    return found.length ? { from: context.pos - here.typed.length, options: found, validFor: /^[\w"-]*$/ } : null;
  };

  function names({ path, siblings }, { state }) {
    const own = ownNames(path, state.doc);
    const known = own ?? fields(path, siblings);
    const options = known.filter(([name]) => !siblings.has(name)).map(([label, detail]) => ({ label, detail, apply: `${label}: `, type: 'property' }));
    return [...options, ...valuesOf(path, siblings, state.doc), ...templates(path, siblings)];
  }

  function values({ path, key, siblings }, { state }) {
    return valuesOf([...path, key], siblings, state.doc);
  }

  // Names that no schema knows: of values, goals and techniques.
  function ownNames(path, doc) {
    const last = path.at(-1);
    if (last === 'effect' || last === 'when') return namesUnder(doc, 'state').map((name) => [name, 'waarde']);
    if (last === 'goals' && path.includes('options')) return idsUnder(doc, 'goals').map((name) => [name, 'leerdoel']);
    if (last === 'reactions') return Object.entries(techniques);
    return null;
  }

  function fields(path, siblings) {
    const here = schemas(path).filter(({ properties }) => properties);
    const fitting = here.filter(({ properties }) => [...siblings.keys()].every((name) => name in properties));
    const found = new Map((fitting.length ? fitting : here).flatMap(({ properties }) => Object.entries(properties)));
    return [...found].map(([name, row]) => [name, row.description ?? '']);
  }

  function valuesOf(path, siblings, doc) {
    const [last, before] = [path.at(-1), path.at(-2)];
    const told = (rows, type = 'enum') => rows.map(([label, detail]) => ({ label, detail, type }));
    if (last === 'to' || path.join() === 'begin') return told(idsUnder(doc, 'scenes').map((id) => [id, 'scène']));
    if (path.includes('sources') && last === 'id') return told(Object.entries(sources).map(([id, { title }]) => [id, title]));
    if (last === 'section') {
      const sections = sources[siblings.get('id')]?.sections ?? [];
      return sections.map((section) => ({ label: `"${section}"`, type: 'enum' }));
    }
    if (before === 'when') return told(COMPARED.map((text) => [text, '']));
    const rows = schemas(path).flatMap((row) => row.enum ?? (row.type === 'boolean' ? [true, false] : []));
    return told(rows.map((value) => [String(value), techniques[value] ?? '']));
  }

  function templates(path, siblings) {
    const list = path.at(-1) === '-' ? path.at(-2) : null;
    if (siblings.size || !TEMPLATES[list] || (list === 'goals' && path.length > 2)) return [];
    return TEMPLATES[list].map(([label, text], at) => snippetCompletion(text, { label, type: 'text', boost: 9 - at }));
  }

  // Follows a path through the schema; where it says if, both ways.
  function schemas(path) {
    return path.reduce((found, step) => found.flatMap((row) => opened(step === '-' ? row.items : row.properties?.[step] ?? row.additionalProperties)), opened(schema));
  }

  function opened(row) {
    if (!row || row === true) return [];
    if (row.$ref) return opened(row.$ref.split('/').slice(1).reduce((at, name) => at[name], schema));
    return row.if ? [row.then, row.else].flatMap(opened) : [row];
  }
}

// Returns where one types: the path of names and list items (`-`), the key whose value it is (null at a name), what
// was typed of it, and what stands beside it in the same mapping.
export function placeOf(doc, pos) {
  const line = doc.lineAt(pos);
  const before = line.text.slice(0, pos - line.from);
  if (/^\s*#/.test(before)) return null;
  const parts = read(before);
  const { path, siblings } = above(doc, line.number, parts);
  const flow = inFlow(parts.value ?? parts.rest);
  if (!flow) return { path, siblings, key: parts.key, typed: parts.key === null ? parts.rest : parts.value };
  const inside = parts.key === null ? path : [...path, parts.key];
  return { path: flow.kind === '[' ? [...inside, '-'] : inside, siblings: flow.siblings, key: flow.key, typed: flow.typed };
}

// Takes a line apart: its dashes with their columns, the key with its column, and what follows.
function read(text) {
  const dashes = [];
  let at = text.search(/\S|$/);
  for (let found; (found = /^-(\s+|$)/.exec(text.slice(at))); at += found[0].length) dashes.push(at);
  const rest = text.slice(at);
  const [, key = null, value = ''] = /^([\w]+):(?:\s+(.*)|)$/.exec(rest) ?? [];
  return { dashes, column: at, rest, key, value: key === null ? null : value.trimStart() };
}

function above(doc, number, { dashes, column }) {
  const path = [];
  const siblings = new Map();
  let limit = column;
  let parent = -1; // the column at which the key of a list may stand: that of its dash
  const item = (at) => { if (at < limit) { path.unshift('-'); limit = parent = at; } };
  [...dashes].reverse().forEach(item);
  for (let at = number - 1; at >= 1 && (limit > 0 || parent === 0); at -= 1) {
    const { text } = doc.line(at);
    if (!text.trim() || /^\s*#/.test(text)) continue;
    const row = read(text);
    if (row.key !== null && row.column === column && limit === column && parent < 0) siblings.set(row.key, row.value);
    else if (row.key !== null && (row.column < limit || row.column === parent) && !row.dashes.includes(row.column)) {
      path.unshift(row.key);
      [limit, parent] = [row.column, -1];
    }
    [...row.dashes].reverse().forEach(item);
  }
  return { path, siblings };
}

function inFlow(text) {
  const opened = [];
  let quote = '';
  for (const [at, sign] of [...text].entries()) {
    if (quote) quote = sign === quote ? '' : quote;
    else if (sign === '"') quote = sign;
    else if (sign === '{' || sign === '[') opened.push([sign, at]);
    else if (sign === '}' || sign === ']') opened.pop();
  }
  if (!opened.length) return null;
  const [kind, at] = opened.at(-1);
  const items = text.slice(at + 1).split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/);
  const last = items.pop().trimStart();
  const pairs = items.map((item) => /^\s*(\w+):\s*"?(.*?)"?\s*$/.exec(item)).filter(Boolean);
  const [, key = null, value] = (kind === '{' && /^(\w+):\s+(.*)$/.exec(last)) || [];
  return { kind, key, typed: key === null ? last : value, siblings: new Map(pairs.map(([, name, said]) => [name, said])) };
}

// -- names that the text itself has -----------------------------------------------------------------------------------

function under(doc, section) {
  const [, body = ''] = new RegExp(`^${section}:[ \\t]*\\n((?:[ \\t-].*\\n?|\\n|#.*\\n?)*)`, 'm').exec(doc.toString()) ?? [];
  return body.split('\n');
}

function namesUnder(doc, section) {
  return under(doc, section).map((line) => /^\s+(\w+):/.exec(line)?.[1]).filter(Boolean);
}

function idsUnder(doc, section) {
  const found = under(doc, section).map((line) => /^(\s*)- (?:\{)?id: (\w+)/.exec(line)).filter(Boolean);
  const least = Math.min(...found.map(([, space]) => space.length));
  return found.filter(([, space]) => space.length === least).map(([, , name]) => name);
}
