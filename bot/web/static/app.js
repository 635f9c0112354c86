// Starts the conversation, keeps it going over refreshes and lost connections, and ends it when asked.
// The chat client itself is Microsoft's, unmodified; see webchat.lock.
(function () {
  'use strict';

  const BASE = '/v3/directline';
  const KEPT = 'pluis.gesprek';
  const WELCOME_COMES = 2000; // ms from its first line to its last
  const HOST_ANSWERS = 1000; // ms
  const NO_POLL = 5000; // ms; the client stops polling for ever after one strange answer
  const SLOW_POLL = 25000; // ms; longer than the client lets one take
  const SILENCE = 50000; // ms; the server says something every 20 s
  const NO_SOCKET = 20000; // ms; the client tries again within 15 s, but never where the conversation is gone
  const SEND_AGAIN = 5000; // ms
  const MOST_TRIES = 5; // of sending by itself, on a line that is there
  const TOO_LATE = 600000; // ms; then only she can send it
  const BACK_SHOWN = 4000; // ms
  const REFUSED_SOCKETS = 3; // then polling; at once where no socket ever opened, as some networks let none through
  const BACK = 'De verbinding is er weer.';
  const AWAY = 'De verbinding is even weg. Wat je schrijft, blijft staan zolang deze pagina open is.';
  const ENDED = 'Dit gesprek is gewist of verlopen.';
  const GOES_ALONG = 'Je bericht gaat mee zodra de verbinding er weer is.';
  const STAYS = 'Je bericht staat er nog. Verstuur het nog een keer.';
  const LEAVES = new Set(['DIRECT_LINE/DISCONNECT_PENDING', 'DIRECT_LINE/RECONNECT_PENDING']);
  const JOINS = new Set(['DIRECT_LINE/CONNECT_FULFILLED', 'DIRECT_LINE/RECONNECT_FULFILLED']);
  const SENDS = new Set(['WEB_CHAT/SEND_MESSAGE', 'WEB_CHAT/SEND_MESSAGE_BACK', 'WEB_CHAT/SEND_POST_BACK', 'DIRECT_LINE/POST_ACTIVITY']);
  const STATUS = { CONNECTING: 1, ONLINE: 2, EXPIRED: 3, FAILED: 4, ENDED: 5 };

  const byId = (id) => document.getElementById(id);
  const chat = byId('chat');
  const maxText = Number(chat.dataset.maxText);
  const store = window.WebChat.createStore({}, middleware);
  const host = window.parent === window ? '' : chat.dataset.host; // the site that we are in a frame of
  const kept = 'shared' in chat.dataset ? null : ownStorage() || hostStorage();

  let hostAnswered = () => {};
  const hostHas = new Promise((answered) => { hostAnswered = answered; });

  let keys = null; // conversationId, token, resume
  let line = null; // the present client object
  let subscription = null;
  let usesSocket = true;
  let everOpened = false;
  let refused = 0;
  let lastPoll = 0; // as performance.now() says it: the clock on the wall may be put forward or back
  let lastFrame = 0;
  let noPoll = NO_POLL; // more on a line where they take long
  let wiped = false;
  let away = false; // she was told that the line is
  let sending = false;
  const unsent = new Map(); // what she sent, by the name of it, until its echo comes: activity, when, tries
  let joined = false; // whether the client has a line; between two of them it sends nothing
  let joining = 0;
  let held = []; // so what she sends then waits here
  let opening = ''; // the choice to make for who comes in by it

  // -- what is kept in this browser: only keys, only for this tab; none where nothing may stay, or nothing can ----

  function ownStorage() {
    try {
      sessionStorage.setItem(`${KEPT}?`, '');
      sessionStorage.removeItem(`${KEPT}?`);
      return sessionStorage;
    } catch {
      return null; // switched off, as browsers often do in a frame
    }
  }

  // then the page around us keeps it
  function hostStorage() {
    return host && {
      getItem: () => Promise.race([hostHas, new Promise((later) => setTimeout(later, HOST_ANSWERS))]),
      setItem: (_name, value) => tellHost('keep', value),
      removeItem: () => tellHost('keep', null),
    };
  }

  function keep(found) {
    if (wiped) return; // what was asked before does not bring it back
    keys = Object.assign({}, keys, found);
    if (kept) kept.setItem(KEPT, JSON.stringify({ conversationId: keys.conversationId, resume: keys.resume }));
  }

  async function keptKeys() {
    try {
      return kept && JSON.parse(await kept.getItem(KEPT));
    } catch {
      return null; // not ours
    }
  }

  function forget() {
    keys = null;
    unsent.clear();
    held = [];
    if (kept) kept.removeItem(KEPT);
  }

  // -- keys ----------------------------------------------------------------------------------------------------

  async function post(path, token) {
    const headers = token ? { Authorization: `Bearer ${token}` } : {};
    const answer = await fetch(`${BASE}${path}`, { method: 'POST', headers, cache: 'no-store' });
    if (!answer.ok) throw Object.assign(new Error(path), { status: answer.status });
    return answer.json();
  }

  // whether a conversation goes on; else a new one may begin, or null where one is on the page
  async function freshKeys() {
    const old = keys || (await keptKeys());
    if (old && old.resume) {
      try {
        keep(await post('/tokens/refresh', old.resume));
        return true;
      } catch (error) {
        if (![401, 403, 404].includes(error.status)) throw error; // out for a moment
        if (line && line.watermark) return null;
        forget(); // wiped, or past its retention
      }
    }
    keep(await post('/tokens/generate'));
    return false;
  }

  // -- the connection ------------------------------------------------------------------------------------------

  class WatchedSocket extends WebSocket {
    constructor(url) {
      super(url);
      let opened = false;
      this.addEventListener('open', () => {
        opened = everOpened = true;
        refused = 0;
        if (this === WatchedSocket.latest) back();
      });
      this.addEventListener('message', () => { lastFrame = performance.now(); });
      this.addEventListener('close', () => {
        if (wiped || this !== WatchedSocket.latest) return;
        if (!opened) refused += 1;
        if (refused >= (everOpened ? REFUSED_SOCKETS : 1) && navigator.onLine) {
          usesSocket = false;
          connect(true);
        } else {
          goAway(AWAY);
        }
      });
      WatchedSocket.latest = this;
      lastFrame = performance.now();
    }
  }

  // watches the polls of the client without touching them
  new PerformanceObserver((list) => {
    const polls = list.getEntries().filter(({ name }) => name.includes('/activities?watermark='));
    if (!polls.length) return;
    lastPoll = performance.now();
    noPoll = Math.max(NO_POLL, 2 * polls.pop().duration);
  }).observe({ type: 'resource' });

  function connect(goesOn) {
    const options = { domain: location.origin + BASE, token: keys.token, webSocket: usesSocket, WebSocket: WatchedSocket };
    if (goesOn) options.conversationId = keys.conversationId;
    if (goesOn && line) options.watermark = line.watermark;
    if (subscription) subscription.unsubscribe();
    WatchedSocket.latest = null; // one that ends with its line tells nothing of the network
    if (line) line.end();
    line = new window.DirectLine.DirectLine(options);
    lastPoll = lastFrame = performance.now();
    subscription = line.connectionStatus$.subscribe(onStatus);
    render();
  }

  function onStatus(status) {
    if (wiped) return;
    if (status === STATUS.ONLINE && !usesSocket) back(); // else once its socket opens
    if (status === STATUS.CONNECTING && !away) tell('Verbinding maken…');
    if (status === STATUS.EXPIRED || status === STATUS.FAILED) tryAgain();
    if (status === STATUS.ENDED && subscription) end(ENDED);
  }

  let waits = 0;
  let waiting = 0;
  function tryAgain() {
    if (subscription) subscription.unsubscribe(); // the client takes this for the end of the conversation
    subscription = null;
    goAway(AWAY);
    waiting = setTimeout(goOn, Math.min(15000, 1000 * 2 ** waits++));
  }

  async function goOn() {
    clearTimeout(waiting);
    const mine = line;
    try {
      const goesOn = await freshKeys();
      if (mine !== line || wiped) return;
      if (goesOn === null) {
        end(ENDED);
        return;
      }
      waits = refused = 0;
      usesSocket = usesSocket || everOpened;
      connect(goesOn);
    } catch {
      if (mine === line && !wiped) tryAgain();
    }
  }

  setInterval(() => {
    if (wiped || !navigator.onLine || !line || line.connectionStatus$.getValue() !== STATUS.ONLINE) return;
    const since = performance.now() - (usesSocket ? lastFrame : lastPoll);
    if (since < (usesSocket ? (away ? NO_SOCKET : SILENCE) : noPoll)) return;
    noPoll = Math.min(SLOW_POLL, 2 * noPoll);
    lastPoll = lastFrame = performance.now();
    goAway(AWAY);
    goOn();
  }, 1000);

  let seen = [];
  setInterval(() => {
    sendAgain(seen); // a message that was only just sent is still on its way
    seen = [...unsent.keys()];
  }, SEND_AGAIN);

  window.addEventListener('offline', () => goAway());
  window.addEventListener('online', () => {
    if (!line || wiped) return;
    goAway(AWAY);
    if (subscription) connect(true); // the client by itself would wait
    else goOn();
  });

  function goAway(text) {
    if (wiped) return;
    away = true;
    tell(navigator.onLine ? text : 'Je bent offline. Wat je schrijft, blijft staan zolang deze pagina open is.');
  }

  function back() {
    if (wiped) return;
    if (byId('status').textContent !== STAYS) tell(away ? BACK : '');
    if (away) setTimeout(() => { if (byId('status').textContent === BACK) tell(''); }, BACK_SHOWN);
    away = false;
    sendAgain([...unsent.keys()]);
  }

  // what did not get through, or of which we heard nothing: one after the other, and the server takes each once
  async function sendAgain(names) {
    if (sending || away || wiped) return;
    sending = true;
    for (const name of names) {
      const kept = unsent.get(name);
      if (!kept) continue;
      if (++kept.tries > MOST_TRIES || performance.now() - kept.since > TOO_LATE) {
        unsent.delete(name);
        tell('Een bericht kwam niet aan. Kies eronder ‘Probeer opnieuw’.');
        continue;
      }
      const answer = await new Promise((said) => line.postActivity(kept.activity).subscribe(said, said));
      if (answer === 'retry' || away || wiped) break; // in the order in which they were written
      if (answer && answer.status >= 400) unsent.delete(name); // refused
    }
    sending = false;
  }

  // -- the client ----------------------------------------------------------------------------------------------

  function middleware() {
    return (onwards) => (action) => {
      const next = SENDS.has(action.type) ? (sent) => (joined ? onwards(sent) : hold(() => onwards(sent))) : onwards;
      if (LEAVES.has(action.type)) leftLine();
      if (JOINS.has(action.type)) joining = setTimeout(sendHeld, 0); // once the client has done its part
      if (action.type === 'WEB_CHAT/SEND_MESSAGE') {
        if (action.payload.text.length > maxText) return tooLong(action.payload.text);
        const seen = window.Pluis.personal(action.payload.text);
        if (seen) return askToLeaveOut(action, next, seen);
      }
      if (action.type === 'DIRECT_LINE/POST_ACTIVITY') return next(named(action));
      if (action.type === 'DIRECT_LINE/POST_ACTIVITY_PENDING') onItsWay(action.payload.activity);
      if (action.type === 'DIRECT_LINE/POST_ACTIVITY_REJECTED') refusal(action.payload, action.meta);
      if (action.type === 'DIRECT_LINE/POST_ACTIVITY_FULFILLED' && byId('status').textContent !== BACK) tell('');
      if (action.type === 'DIRECT_LINE/INCOMING_ACTIVITY') notice(action.payload.activity);
      return next(action);
    };
  }

  function hold(sendIt) {
    held.push(sendIt);
    tell(GOES_ALONG);
  }

  function leftLine() {
    clearTimeout(joining);
    joined = false;
  }

  function sendHeld() {
    joined = true;
    for (const sendIt of held.splice(0)) sendIt();
  }

  // what was written stays in the box meanwhile, where it can still be changed
  function holdWritten() {
    const text = store.getState().sendBoxValue;
    if (joined || !text.trim()) return;
    if (text.length > maxText) tooLong(text);
    else hold(() => sendWritten(text));
  }

  function sendWritten(text) {
    const now = store.getState().sendBoxValue;
    if (now === text) {
      putInBox('');
      store.dispatch({ type: 'WEB_CHAT/SEND_MESSAGE', payload: { text, method: 'keyboard' } });
    } else if (now.trim()) {
      tell(STAYS); // changed since: she sends it herself
    }
  }

  // the server counts a message with the same name once, however often it is sent
  function named(action) {
    const activity = action.payload.activity;
    const channelData = Object.assign({ pluisMessage: newName() }, activity.channelData);
    return Object.assign({}, action, { payload: Object.assign({}, action.payload, { activity: Object.assign({}, activity, { channelData }) }) });
  }

  function newName() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
  }

  function putInBox(text) {
    store.dispatch({ type: 'WEB_CHAT/SET_SEND_BOX', payload: { text } });
  }

  function tooLong(text) {
    setTimeout(putInBox, 0, text);
    tell(`Je bericht heeft ${text.length.toLocaleString('nl')} tekens. Ik kan er hooguit ${maxText.toLocaleString('nl')} tegelijk lezen: stuur het in stukken.`);
  }

  async function askToLeaveOut(action, next, { kind, piece }) {
    const stays = setTimeout(putInBox, 0, action.payload.text); // also when the page goes away meanwhile
    if (byId('ask-personal').open) return; // she is being asked about it
    byId('ask-personal-piece').textContent = piece;
    byId('ask-personal-kind').textContent = kind;
    const send = await agreed('ask-personal');
    if (wiped) return;
    if (!send) {
      chat.querySelector('textarea').focus();
      return;
    }
    clearTimeout(stays); // on a busy machine her key comes before it
    putInBox('');
    next(action);
  }

  function onItsWay(activity) {
    if (activity.type === 'message') unsent.set(activity.channelData.pluisMessage, { activity, since: performance.now(), tries: 0 });
  }

  // a client object that came after the one that sent it does not know that this is its echo
  function arrived(activity) {
    const { pluisMessage, clientActivityID } = activity.channelData || {};
    if (unsent.delete(pluisMessage)) store.dispatch({ type: 'DIRECT_LINE/POST_ACTIVITY_FULFILLED', meta: { clientActivityID }, payload: { activity } });
  }

  // under the message the client says that it was not sent; the server says why, and what to do
  function refusal(error, { clientActivityID }) {
    const name = [...unsent.keys()].find((key) => unsent.get(key).activity.channelData.clientActivityID === clientActivityID);
    if (error && error.status >= 400) unsent.delete(name);
    const said = error && error.status === 429 && error.xhr && error.xhr.response;
    if (said && said.detail) tell(said.detail);
  }

  function notice(activity) {
    setTimeout(arrived, 0, activity); // once the client has it
    if (activity.channelData && activity.channelData.pluis === 'wiped') end('Dit gesprek is gewist. Er is niets van bewaard.');
    if (opening && activity.suggestedActions) choose(activity.suggestedActions.actions);
  }

  // presses the button that the page was opened with, once it is there
  function choose(actions) {
    const found = actions.find(({ title }) => title === opening);
    opening = '';
    if (found) setTimeout(() => store.dispatch({ type: 'WEB_CHAT/SEND_MESSAGE_BACK', payload: found }), 0);
  }

  function render() {
    window.WebChat.renderWebChat(
      {
        directLine: line,
        store,
        userID: 'jij',
        username: 'Jij',
        locale: 'nl-NL',
        sendTypingIndicator: chat.dataset.desk === 'yes', // for a person who answers; Pluis takes no notice
        nonce: chat.dataset.nonce,
        styleOptions: window.Pluis.style,
        adaptiveCardsHostConfig: window.Pluis.cards,
        overrideLocalizedStrings: window.Pluis.words,
        activityStatusMiddleware: () => (next) => (shown) => withLeftOut(next(shown), shown.activity),
        attachmentMiddleware: () => (next) => (shown) => next(answered(shown) ? closed(shown) : shown),
      },
      chat
    );
  }

  // what the privacy door took out of a message, told quietly beneath it; the element is one of React's, who is in the client
  function withLeftOut(status, { channelData }) {
    const kinds = (channelData && channelData.pluisLeftOut) || [];
    if (!kinds.length) return status;
    const props = { className: 'left-out', children: [status, window.Pluis.leftOut(kinds)] };
    return { $$typeof: Symbol.for('react.element'), type: 'div', key: null, ref: null, props, _owner: null };
  }

  // whether something was said that answered this card, or let it pass: the server takes no answer to it any more
  function answered({ activity, attachment }) {
    if (!attachment.content || !attachment.content.actions) return false;
    const { activities } = store.getState();
    return activities.slice(activities.findIndex(({ id }) => id === activity.id)).some(isTurn);
  }

  function isTurn({ channelData }) {
    return Boolean(channelData) && channelData.pluis === 'turn';
  }

  // the same card to read: what could be ticked, or that it is of before; and nothing to press
  function closed({ activity, attachment }) {
    const choices = attachment.content.body.flatMap(({ choices }) => choices || []);
    const rows = choices.length ? choices : [{ title: window.Pluis.passed }];
    const body = rows.map(({ title }) => ({ type: 'TextBlock', text: title, wrap: true, isSubtle: true, spacing: 'Small' }));
    const content = Object.assign({}, attachment.content, { body, actions: [] });
    return { activity, attachment: Object.assign({}, attachment, { content }) };
  }

  // -- around the conversation ---------------------------------------------------------------------------------

  function tell(text) {
    const status = byId('status');
    if (status.textContent !== text) status.textContent = text;
  }

  function end(text) {
    wiped = true;
    forget();
    if (subscription) subscription.unsubscribe();
    subscription = null;
    for (const open of document.querySelectorAll('dialog[open]')) open.close();
    chat.remove(); // with all that was said
    tell('');
    byId('ended-text').textContent = text;
    byId('ended').hidden = false;
    byId('again').focus();
  }

  async function wipe(options) {
    const own = keys || (await keptKeys()); // kept, while the page is still coming
    if (!own) return null;
    const headers = { Authorization: `Bearer ${own.resume}` }; // the client renews the token unseen
    return fetch(`${BASE}/conversations/${own.conversationId}`, Object.assign({ method: 'DELETE', headers }, options));
  }

  async function agreed(dialog) {
    const ask = byId(dialog);
    ask.returnValue = 'no';
    ask.onkeydown = (event) => !event.repeat; // a key held down has not read it
    ask.showModal();
    await new Promise((closed) => ask.addEventListener('close', closed, { once: true }));
    return ask.returnValue === 'yes';
  }

  async function askAndWipe() {
    if (!(await agreed('ask-wipe'))) return;
    try {
      const answer = await wipe();
      if (!answer || answer.ok || answer.status === 404) end('Dit gesprek is gewist. Er is niets van bewaard.');
      else tell('Wissen lukte nu niet. Probeer het zo nog eens.');
    } catch {
      tell('Wissen lukte niet: er is geen verbinding. Probeer het zo nog eens.');
    }
  }

  function wipeAtOnce() {
    wipe({ keepalive: true }).catch(() => {});
    wiped = true;
    forget();
  }

  function leave() {
    document.body.hidden = true;
    wipeAtOnce();
    if (host) tellHost('left');
    else location.replace(chat.dataset.elsewhere);
  }

  // -- in a frame: the page around it goes away too, which it alone can do (widget.js) -----------------------------

  function tellHost(word, value) {
    window.parent.postMessage({ pluis: word, value }, host);
  }

  function listenToHost() {
    window.addEventListener('message', ({ source, origin, data }) => {
      if (source !== window.parent || origin !== host || !data) return;
      if (data.pluis === 'kept') hostAnswered(data.value);
      if (data.pluis === 'open') byId('gesprek').focus();
      if (data.pluis === 'leave') leave();
    });
    document.addEventListener('click', ({ target }) => { // a policy for frames refuses to call from in here
      const call = target.closest('a[href^="tel:"]');
      if (call) call.target = '_top';
    }, true);
    tellHost('ready');
  }

  // -- acts --------------------------------------------------------------------------------------------------------

  let lastEscape = 0;
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    if (event.timeStamp - lastEscape < 600) leave();
    lastEscape = event.timeStamp;
  });
  chat.addEventListener('keydown', ({ key, shiftKey, isComposing, target }) => {
    if (key === 'Enter' && !shiftKey && !isComposing && target.matches('.webchat__send-box textarea')) holdWritten();
  }, true);
  chat.addEventListener('click', ({ target }) => { if (target.closest('.webchat__send-button')) holdWritten(); }, true);
  byId('wipe').addEventListener('click', askAndWipe);
  byId('leave').addEventListener('click', leave);
  byId('again').addEventListener('click', () => location.reload());
  byId('stays').hidden = !kept;
  byId('passes').hidden = Boolean(kept);
  window.addEventListener('pagehide', () => {
    if (kept || !keys) return;
    wipeAtOnce();
    end('Dit gesprek is gewist. Er is niets van bewaard.'); // for who comes back to it
  });
  byId('about').open = window.matchMedia('(min-width: 64rem)').matches;

  // The buttons are always in sight: the step to what they answer is there as long as the end of that is not.
  function lookForQuestion() {
    const list = chat.querySelector('.webchat__basic-transcript__scrollable');
    const question = [...chat.querySelectorAll('.webchat__bubble__content')].pop();
    if (question) chat.classList.toggle('question-in-sight', question.getBoundingClientRect().bottom <= list.getBoundingClientRect().bottom);
  }
  chat.addEventListener('scroll', lookForQuestion, true);
  window.addEventListener('resize', lookForQuestion);
  new MutationObserver(lookForQuestion).observe(chat, { childList: true, subtree: true });

  // The client goes to the end by itself; a welcome stays at its first line while it comes in.
  function readFromTheTop() {
    const coming = new AbortController();
    const until = { capture: true, signal: coming.signal };
    chat.addEventListener('scroll', ({ target }) => { target.scrollTop = 0; }, until);
    chat.addEventListener('scroll', () => setTimeout(() => coming.abort(), WELCOME_COMES), { once: true, capture: true });
    for (const act of ['pointerdown', 'wheel', 'keydown']) document.addEventListener(act, () => coming.abort(), until);
  }

  async function start() {
    tell('Verbinding maken…');
    try {
      const goesOn = await freshKeys();
      if (!goesOn) {
        readFromTheTop();
        opening = chat.dataset.start;
      }
      connect(goesOn);
    } catch {
      tell('Pluis is nu niet bereikbaar. Ik probeer het zo opnieuw. Overleggen kan altijd: Veilig Thuis, 0800-2000.');
      setTimeout(start, 5000);
    }
  }
  if (chat.dataset.starts) console.warn(`Pluis: dit gesprek kan alleen beginnen met ${chat.dataset.starts}.`);
  if (host) listenToHost();
  start();
})();
