// The editor of a dialogue: text with remarks at their lines, its scenes beside it, and a play from any of them.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history as undoing, historyKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import {
  HighlightStyle, bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit, syntaxHighlighting,
} from '@codemirror/language';
import { forceLinting, lintGutter, lintKeymap, linter } from '@codemirror/lint';
import { getChunks, goToNextChunk, unifiedMergeView } from '@codemirror/merge';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState } from '@codemirror/state';
import {
  EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { completer } from 'pluis/complete.js';
import { drawMap } from 'pluis/map.js';

const $ = (id) => document.getElementById(id);
const page = $('inhoud');
const form = $('bewaren');
const area = $('tekst');
const writes = 'writes' in page.dataset;
const place = `/studio/gesprekken/${page.dataset.name}`;
const CHECKS_AFTER = 500; // ms without typing
const KEPT = `pluis.schrijven.${page.dataset.staff}.${page.dataset.name}`;
const GONE = 'De verbinding is weg. Je tekst staat er nog: probeer het zo opnieuw.';
const ENDINGS = { goed: 'goed einde', open: 'open einde', stop: 'einde: stop, onveilig' };
const PHRASES = {
  'Find': 'Zoek', 'Replace': 'Vervang door', 'next': 'volgende', 'previous': 'vorige', 'all': 'alle', 'close': 'sluit',
  'match case': 'hoofdletters tellen', 'by word': 'hele woorden', 'regexp': 'patroon', 'replace': 'vervang',
  'replace all': 'vervang alle', 'replaced match on line $': 'vervangen op regel $', 'go': 'ga', 'to': 'tot',
  'replaced $ matches': '$ keer vervangen', 'current match': 'deze plek', 'on line': 'op regel',
  'Go to line': 'Ga naar regel', 'Diagnostics': 'Opmerkingen', 'No diagnostics': 'Geen opmerkingen',
  'Completions': 'Wat hier kan staan', 'Fold line': 'Klap in', 'Unfold line': 'Klap uit', 'unfold': 'klap uit',
  'folded code': 'ingeklapt', 'Accept': 'Houd de mijne', 'Reject': 'Neem wat bewaard is',
  '$ unchanged lines': '$ gelijke regels', 'Control character': 'Stuurteken', 'Selection deleted': 'Weggehaald',
};

let number = Number(page.dataset.number); // the version that is saved upon
let base = number; // the one that the text was written from; an earlier one until what another saved is dealt with
let saved = area.value;
let saving = false;
let askedToChoose = false; // where two texts differ
let again = false; // asked to save while that was being done
let map = null;
const merging = new Compartment();

// -- asking -----------------------------------------------------------------------------------------------------------

const JSON_TYPE = { 'Content-Type': 'application/json' };
const written = () => ({ text: view.state.doc.toString(), begin: $('vanaf').value, values: values() });
window.pluisDraft = (step) => ask('spelen', { headers: JSON_TYPE, body: JSON.stringify({ ...step, ...written() }) });

// Sends something, once more when she signed in anew meanwhile.
async function ask(path, how, retry = true) {
  const csrf = { 'X-CSRF-Token': document.body.dataset.csrf };
  const answer = await fetch(`${place}/${path}`, { method: 'POST', cache: 'no-store', ...how, headers: { ...how.headers, ...csrf } });
  const found = await answer.json();
  if (answer.ok || found.theirs !== undefined) return found;
  if (found.csrf && retry) {
    document.body.dataset.csrf = found.csrf;
    return ask(path, how, false);
  }
  throw new Error([found.title, found.detail].filter(Boolean).join('. '));
}

const reason = (error) => (error.name === 'Error' ? error.message : GONE);

function tell(error) {
  const box = $('melding');
  box.textContent = reason(error);
  if (!error.message?.startsWith('Je bent niet meer aangemeld')) return;
  const link = document.createElement('a');
  Object.assign(link, { href: '/aanmelden?next=/aanmelden/klaar', target: '_blank', textContent: 'Meld je opnieuw aan' });
  box.append(' ', link);
}

// -- remarks ----------------------------------------------------------------------------------------------------------

async function check({ state: { doc } }) {
  let found;
  try {
    found = await ask('nakijken', { headers: JSON_TYPE, body: JSON.stringify({ text: doc.toString() }) });
  } catch (error) {
    $('oordeel').textContent = `Nakijken lukt nu niet. ${reason(error)}`;
    return [];
  }
  if (view.state.doc !== doc) return []; // it was written on meanwhile, and is looked at again
  showRemarks(found.remarks);
  showMap(found.map);
  return found.remarks.map(({ line, text, grave }) => {
    const at = doc.line(Math.min(line, doc.lines));
    const from = at.from + at.text.search(/\S|$/);
    return { from, to: at.to, message: text, severity: grave ? 'error' : 'warning' };
  });
}

function showRemarks(remarks) {
  const grave = remarks.filter((remark) => remark.grave).length;
  const soft = remarks.length - grave;
  const counted = (count, one, more) => `${count} ${count === 1 ? one : more}`;
  $('aantal').textContent = remarks.length ? `(${remarks.length})` : '';
  const told = grave ? `Nog niet te spelen: ${counted(grave, 'fout', 'fouten')}${soft ? ` en ${counted(soft, 'punt', 'punten')} om over na te denken` : ''}.`
    : soft ? `Dit gesprek kan worden gespeeld. ${counted(soft, 'punt', 'punten')} om over na te denken.`
      : 'Dit gesprek kan worden gespeeld. Er is niets op te merken.';
  if ($('oordeel').textContent !== told) $('oordeel').textContent = told;
  const heaviest = [...remarks].sort((one, other) => other.grave - one.grave);
  $('opmerkingen-lijst').replaceChildren(...heaviest.map(({ line, text, grave: heavy }) => {
    const item = document.createElement('li');
    item.className = heavy ? 'grave' : '';
    item.append(toLine(line, `${heavy ? 'Fout' : 'Let op'}, regel ${line}`), ` ${text}`);
    return item;
  }));
}

function toLine(line, told) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'link';
  button.textContent = told;
  button.addEventListener('click', () => goTo(line));
  return button;
}

function goTo(line) {
  const at = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines));
  view.dispatch({ selection: { anchor: at.from + at.text.search(/\S|$/) }, effects: EditorView.scrollIntoView(at.from, { y: 'start', yMargin: 60 }) });
  view.focus();
}

// -- scenes -----------------------------------------------------------------------------------------------------------

function showMap(found) {
  $('kaart-oud').hidden = Boolean(found) || !map;
  if (!found || JSON.stringify(found) === JSON.stringify(map)) return;
  map = found;
  $('wegen').replaceChildren(...[['De meeste punten, ongeveer', map.best], ['De minste punten, ongeveer', map.worst]].filter(([, way]) => way).map(way));
  $('plekken').replaceChildren(...map.spots.map(spot));
  const chosen = $('vanaf').value;
  $('vanaf').replaceChildren(...map.spots.filter(({ kind }) => kind === 'scene').map(({ id }) => new Option(id === map.begin ? `${id} (het begin)` : id, id)));
  $('vanaf').value = map.spots.some(({ id }) => id === chosen) ? chosen : map.begin;
  showValues();
  if (!$('kaart').hidden) draw();
}

function way([name, { points, places }]) {
  const row = document.createElement('div');
  row.append(
    Object.assign(document.createElement('dt'), { textContent: `${name}: ${points}` }),
    Object.assign(document.createElement('dd'), { textContent: places.join(' → ') }),
  );
  return row;
}

function spot({ id, line, kind, says, exits }) {
  const item = document.createElement('li');
  const head = document.createElement('p');
  head.append(toLine(line, id), kind === 'scene' ? '' : ` (${ENDINGS[kind]})`, id === map.begin ? ' (het begin)' : '');
  if (kind === 'scene') {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'link';
    button.textContent = 'Speel vanaf hier';
    button.setAttribute('aria-label', `Speel vanaf hier: ${id}`);
    button.addEventListener('click', () => playFrom(id));
    head.append(' ', button);
  }
  const said = document.createElement('p');
  said.className = 'hint';
  said.textContent = says.length > 120 ? `${says.slice(0, 119)}…` : says;
  item.append(head, said);
  if (exits.length) {
    const list = document.createElement('ul');
    list.append(...exits.map(({ option, to }) => Object.assign(document.createElement('li'), { textContent: `${option} → ${to}` })));
    item.append(list);
  }
  return item;
}

const draw = () => map && drawMap($('tekening'), map, goTo).then(markSpot);

// Shows on the map where one writes.
function markSpot() {
  const line = view.state.doc.lineAt(view.state.selection.main.head).number;
  const here = map?.spots.findLast((spot) => spot.line <= line)?.id;
  for (const node of $('tekening').querySelectorAll('.spot')) node.classList.toggle('here', node.dataset.id === here);
}

// -- playing ----------------------------------------------------------------------------------------------------------

function values() {
  return Object.fromEntries([...$('waarden').querySelectorAll('input')]
    .filter((field) => field.value !== '' && field.checkValidity()).map((field) => [field.name, Number(field.value)]));
}

function showValues() {
  const before = values();
  $('waarden').replaceChildren(...Object.entries(map.state).map(([name, value]) => {
    const label = document.createElement('label');
    const field = Object.assign(document.createElement('input'), {
      type: 'number', name, min: 0, max: 10, value: before[name] ?? value, className: 'utrecht-textbox utrecht-textbox--html-input',
    });
    label.append(name, field);
    return label;
  }));
}

function playFrom(id) {
  $('vanaf').value = id;
  openTab($('tab-spelen'), true);
  begin();
}

function begin() {
  $('spel').src = `${place}/spelen`;
}

// -- saving -----------------------------------------------------------------------------------------------------------

async function save() {
  again = saving;
  if (!writes || saving || asksToChoose()) return;
  saving = true;
  const text = view.state.doc.toString();
  try {
    const body = new URLSearchParams({ tekst: text, notitie: $('notitie').value });
    const found = await ask(`${number}/bewaar`, { headers: { Accept: 'application/json' }, body });
    $('melding').replaceChildren();
    number = found.number;
    form.action = `${place}/${number}/bewaar`;
    history.replaceState(null, '', `${place}/${number}`);
    if (found.theirs === undefined) settle(text);
    else compare(found.theirs, found.detail);
  } catch (error) {
    tell(error);
    again = false;
  }
  saving = false;
  if (again && $('verschil').hidden) save();
}

function settle(text) {
  saved = text;
  base = number;
  $('notitie').value = '';
  hideDifferences();
  tellStand(`Bewaard als versie ${number}`);
}

// Another saved meanwhile: her text and this one in one view, place by place.
function compare(theirs, why) {
  saved = theirs;
  view.dispatch({ effects: merging.reconfigure(unifiedMergeView({ original: theirs, mergeControls: true, gutter: true })) });
  askedToChoose = false;
  $('verschil-over').textContent = '';
  $('verschil').hidden = false;
  $('verschil').querySelector('p').textContent = `${why} Waar ze verschillen, staan ze hieronder bij elkaar: doorgestreept wat nu bewaard is, eronder jouw tekst.`;
  view.dispatch({ selection: { anchor: 0 } });
  goToNextChunk(view);
  $('verschil').focus();
  tellStand();
}

// Asks once to choose at the places that differ; who saves again then keeps her own.
function asksToChoose() {
  const left = getChunks(view.state)?.chunks.length ?? 0;
  if (!left || askedToChoose) return false;
  askedToChoose = true;
  $('verschil-over').textContent = `Er ${left === 1 ? 'is nog 1 plek' : `zijn nog ${left} plekken`} waar je niet koos. Bewaar je nu opnieuw, dan blijft daar jouw tekst.`;
  goToNextChunk(view);
  $('verschil').scrollIntoView({ block: 'nearest' });
  return true;
}

function hideDifferences() {
  $('verschil').hidden = true;
  view.dispatch({ effects: merging.reconfigure([]) });
}

function tellStand(same = `Versie ${number}`) {
  if (!writes) return;
  const changed = view.state.doc.toString() !== saved;
  $('stand').textContent = changed ? `Nog niet bewaard (je begon bij versie ${base})` : same;
  if (changed) keep(); else sessionStorage.removeItem(KEPT);
}

// What was written stays in this tab until it is saved, also when signing in takes another page.
function keep() {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify({ base, text: view.state.doc.toString() }));
  } catch {} // no room: it is on the page still
}

function readKept() {
  try {
    const row = JSON.parse(sessionStorage.getItem(KEPT));
    return writes && typeof row?.text === 'string' ? row : null;
  } catch {
    return null;
  }
}

// -- tabs -------------------------------------------------------------------------------------------------------------

const tabs = [...document.querySelectorAll('[role=tab]')];

function openTab(tab, focus = false) {
  for (const one of tabs) {
    const open = one === tab;
    one.setAttribute('aria-selected', String(open));
    one.tabIndex = open ? 0 : -1;
    $(one.getAttribute('aria-controls')).hidden = !open;
  }
  if (focus) tab.focus();
  if (tab.id === 'tab-kaart') draw();
  if (tab.id === 'tab-spelen' && !$('spel').hasAttribute('src')) begin();
}

for (const [at, tab] of tabs.entries()) {
  tab.addEventListener('click', () => openTab(tab));
  tab.addEventListener('keydown', ({ key }) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
    if (step) openTab(tabs[(at + step + tabs.length) % tabs.length], true);
  });
}

// -- the text ---------------------------------------------------------------------------------------------------------

const look = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], class: 'tok-name' },
  { tag: tags.comment, class: 'tok-comment' },
  { tag: [tags.string, tags.content], class: 'tok-text' },
]);

const kept = readKept();
base = kept && kept.text !== area.value ? kept.base : number;
const view = new EditorView({
  parent: $('schrijver'),
  state: EditorState.create({
    doc: kept?.text ?? area.value,
    extensions: [
      EditorView.cspNonce.of($('editor-script').nonce),
      EditorState.phrases.of(PHRASES),
      EditorState.readOnly.of(!writes),
      EditorState.tabSize.of(2),
      indentUnit.of('  '),
      lineNumbers(), foldGutter(), highlightActiveLine(), highlightActiveLineGutter(), drawSelection(), undoing(),
      indentOnInput(), bracketMatching(), closeBrackets(), search({ top: true }), highlightSelectionMatches(),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ 'aria-labelledby': 'tekst-label', spellcheck: 'true', lang: 'nl', tabindex: '0' }),
      yaml(), syntaxHighlighting(look),
      linter(check, { delay: CHECKS_AFTER }), lintGutter(),
      autocompletion({ override: [completer(JSON.parse($('hulpgegevens').textContent))], icons: false }),
      keymap.of([
        { key: 'Mod-s', run: () => { save(); return true; } },
        ...closeBracketsKeymap, ...completionKeymap, ...lintKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap,
        ...defaultKeymap,
      ]),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) tellStand();
        if (update.selectionSet) markSpot();
      }),
      merging.of([]),
    ],
  }),
});

form.addEventListener('submit', (event) => { event.preventDefault(); save(); });
$('groot').addEventListener('click', ({ target }) => {
  target.setAttribute('aria-pressed', String($('tekening').classList.toggle('whole')));
});
$('verschil-volgende').addEventListener('click', () => { goToNextChunk(view); view.focus(); });
$('verschil-klaar').addEventListener('click', () => { hideDifferences(); view.focus(); });
$('begin').addEventListener('submit', (event) => { event.preventDefault(); begin(); });
window.addEventListener('beforeunload', (event) => {
  if (writes && view.state.doc.toString() !== saved) event.preventDefault();
});

area.hidden = true;
$('tekst-label').addEventListener('click', () => view.focus());
area.removeAttribute('name');
document.querySelector('.tabs').hidden = false;
document.querySelector('.keys').hidden = false;
openTab(tabs[0]);
if (base === number) tellStand();
else compare(area.value, `Er is intussen een versie ${number} bewaard. Je tekst van daarvoor staat er nog.`);
forceLinting(view);
const line = Number(new URLSearchParams(location.search).get('regel'));
if (line) goTo(line);
