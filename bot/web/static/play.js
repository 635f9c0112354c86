// Plays a practice dialogue. The play lives in this tab: it goes along with each step, and what comes back is kept here.
// In a group its end can be shared, without a word that was typed; a token tells this browser's tries from others'.
const $ = (id) => document.getElementById(id);
const play = $('spel');
const box = $('woorden');
const told = $('melding');
const GROUP = play.dataset.group; // its code, where one plays in a group
const KEY = `pluis.oefenen.${GROUP || play.dataset.id}`;
const TOKEN = `pluis.groep.${GROUP}`;
const draft = 'draft' in play.dataset ? parent.pluisDraft : null; // in the editor, which sends what is written there along
const PATIENCE = 60_000; // ms; the first line waits until the models are there
const SLOW = 1_500; // ms after which it is said that it takes a while
const ANSWERS = ['say', 'choose', 'none', 'again']; // after these, what stands in the box was dealt with
const GONE = 'De verbinding is weg. Wat je typte staat er nog. Probeer het zo opnieuw.';

// log: what was shown after so many moves; key: of this play, by which it is shared once; shared: what was told then
let { session, log, key, shared } = { session: null, log: [], key: random(), shared: '', ...read() };
let token = random(); // for where none can be kept
let shown = null;
let busy = false;
let opened = Promise.resolve(); // what is typed before the play is there waits for it

function read() {
  if (draft) return null;
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY));
    return kept && Array.isArray(kept.log) ? kept : null;
  } catch {
    return null;
  }
}

function keep() {
  if (draft) return;
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ session, log, key, shared }));
  } catch {} // where nothing can be kept, a reload begins anew
}

async function send(path, body, telling) {
  const slow = setTimeout(() => { telling.textContent = 'Dit duurt even…'; }, SLOW);
  try {
    if (draft) return await draft(body);
    const answer = await fetch(path, {
      method: 'POST', cache: 'no-store', headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body), signal: AbortSignal.timeout(PATIENCE),
    });
    const found = await answer.json();
    if (!answer.ok) throw new Error([found.title, found.detail].filter(Boolean).join('. '));
    return found;
  } finally {
    clearTimeout(slow);
  }
}

// Sends something and does what is to be done then; when it fails nothing changes, and that is told where one looks.
async function ask(path, body, telling, then) {
  if (busy) return;
  busy = true;
  play.setAttribute('aria-busy', 'true');
  telling.textContent = '';
  try {
    const found = await send(path, body, telling);
    telling.textContent = '';
    then(found);
  } catch (error) {
    telling.textContent = error instanceof SyntaxError || error.name !== 'Error' ? GONE : error.message;
  } finally {
    busy = false;
    play.removeAttribute('aria-busy');
  }
}

async function take(step, pressed = true) {
  await opened;
  return ask(location.pathname, { session, ...step }, told, (found) => show(found, step, pressed));
}

function show(found, step, pressed) {
  $('gevaar').hidden = !found.danger;
  $('zeg').hidden = Boolean(found.danger || found.report);
  if (found.danger) {
    $('gevaar-tekst').innerHTML = found.danger;
    $('keuzes').hidden = true;
    $('gevaar').focus();
    return;
  }
  ({ session } = shown = found);
  if (step.do === 'again') [key, shared] = [random(), ''];
  const fresh = write(session.moves.length, found);
  keep();
  offer(found);
  told.textContent = found.told || (step.do === 'back' ? 'Je bent een stap terug.' : '');
  if (session.asked) box.value = session.asked.words;
  else if (ANSWERS.includes(step.do) && !found.told) box.value = '';
  $('verslag').hidden = !found.report;
  $('verslag-tekst').innerHTML = found.report;
  if (GROUP) tellShared();
  if (step.do) rest(found, fresh, pressed);
}

// Brings the conversation in the page up to what is shown after so many moves; returns what is new in it.
function write(moves, { words, understood, sure, landed, thought, says }) {
  const entry = { words, understood, sure, landed, thought, says };
  const same = JSON.stringify(log[moves]) === JSON.stringify(entry);
  log.length = Math.min(log.length, same ? moves + 1 : moves);
  if (!same) log[moves] = entry;
  return draw();
}

function draw() {
  const list = $('gesprek');
  const drawn = [...list.children];
  const firstOther = log.findIndex((entry, at) => drawn[at]?.entry !== entry);
  for (const row of drawn.slice(firstOther < 0 ? log.length : firstOther)) row.remove();
  if (firstOther < 0) return null;
  list.append(...log.slice(firstOther).map(row));
  return list.lastElementChild;
}

function row(entry) {
  const made = document.createElement('div');
  made.entry = entry;
  made.tabIndex = -1;
  if (entry?.words) made.append(line('own', 'Jij', entry.words));
  if (entry?.understood) made.append(line('note', `Zo begreep ik je (${entry.sure})`, entry.understood));
  if (entry?.landed) made.append(line('note', 'Hoe dit landde', entry.landed));
  if (entry?.thought) made.append(line('note', 'Gedachte', entry.thought));
  if (entry) made.append(line('other', 'De ander', entry.says));
  return made;
}

function line(kind, label, text) {
  const made = document.createElement('p');
  const name = document.createElement('b');
  name.textContent = `${label}: `;
  made.className = kind;
  made.append(name, text);
  return made;
}

function offer({ asks, options }) {
  $('keuzes').hidden = !asks;
  $('keuzes-kop').textContent = asks;
  $('keuzes-lijst').replaceChildren(...options.map(({ id, text }) => {
    const item = document.createElement('li');
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'button';
    button.textContent = text;
    button.addEventListener('click', () => take(id ? { do: 'choose', option: id } : { do: 'none' }));
    item.append(button);
    return item;
  }));
}

// Puts the focus where one goes on, with what is new in sight; on a touch screen no keyboard jumps up by itself.
function rest(found, fresh, pressed) {
  const touch = pressed && matchMedia('(pointer: coarse)').matches;
  const next = found.report ? $('verslag-kop') : found.asks ? $('keuzes-kop') : touch ? $('gesprek').lastElementChild : box;
  next.focus({ preventScroll: Boolean(fresh) });
  if (fresh) fresh.scrollIntoView({ block: 'start' });
  else if (found.asks) $('keuzes').scrollIntoView({ block: 'nearest' });
}

async function again() {
  const dialog = $('vraag-opnieuw');
  if (session?.moves.length && !shown?.report) {
    dialog.returnValue = 'no';
    dialog.showModal();
    await new Promise((done) => dialog.addEventListener('close', done, { once: true }));
    if (dialog.returnValue !== 'yes') return;
  }
  take({ session: null, do: 'again' });
}

// -- sharing in a group -----------------------------------------------------------------------------------------------

// Makes what `bot.studio.new_token` makes.
function random() {
  const bytes = String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16)));
  return btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function mine() {
  try {
    const kept = localStorage.getItem(TOKEN);
    if (/^[\w-]{22}$/.test(kept)) token = kept;
    else localStorage.setItem(TOKEN, token);
  } catch {} // this page's own then
  return token;
}

function share() {
  const moves = session.moves.map(({ option, techniques }) => ({ option, techniques })); // without words
  const body = { session: { dialogue: session.dialogue, moves }, token: mine(), key };
  ask(`${location.pathname}/delen`, body, $('deel-melding'), (found) => {
    shared = found.told;
    keep();
    tellShared();
    $('gedeeld').focus();
  });
}

function tellShared() {
  $('deel').hidden = Boolean(shared);
  $('gedeeld').hidden = !shared;
  $('gedeeld').textContent = shared;
  $('deel-melding').textContent = '';
}

// ---------------------------------------------------------------------------------------------------------------------

function save() {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([shown.file], { type: 'text/markdown' }));
  link.download = `oefengesprek-${play.dataset.id}.md`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

$('zeg').addEventListener('submit', (event) => {
  event.preventDefault();
  take({ do: 'say', words: box.value }, false);
});
box.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  $('zeg').requestSubmit();
});
for (const button of play.querySelectorAll('[data-do]')) {
  const what = button.dataset.do;
  button.addEventListener('click', () => (what === 'again' ? again() : take({ do: what })));
}
$('oefening').addEventListener('click', () => take({ do: 'say', words: box.value, practice: true }, false));
$('echt').addEventListener('click', () => {
  $('gevaar').hidden = true;
  $('hulp').hidden = false;
  $('hulp-kop').focus();
});
$('terug-naar-oefenen').addEventListener('click', () => {
  $('hulp').hidden = true;
  $('zeg').hidden = false;
  if (shown) offer(shown);
  box.focus();
});
$('bewaar').addEventListener('click', save);
$('deel')?.addEventListener('click', share);

draw();
play.hidden = false;
if (log.length > 1) $('gesprek').lastElementChild.scrollIntoView();
opened = take({});
