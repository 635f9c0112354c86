// A button on a page of another site, and behind it the chat page of Pluis in a frame; docs/insluiten.md says how to use it.
// It asks Pluis for nothing before someone opens it, and what is said stays in the frame. It keeps nothing either, but for
// the key of the conversation where the browser lets a frame keep none: for this tab, and never when `data-shared` is set.
// A few words pass between the two (`ready`, `kept`, `open`, `keep`, `leave`, `left`), each checked for where it comes from.
(function () {
  'use strict';

  const HOSTS = {{ hosts|tojson }};
  const ELSEWHERE = {{ elsewhere|tojson }};
  {% set style %}{{ house.css("div") }}{% include "widget.css" %}{% endset %}
  const STYLE = {{ style|tojson }};
  const NAME = 'pluis-chat';
  const KEPT = 'pluis.gesprek';
  const TWICE = 600; // ms between two presses of Escape
  const WIPING = 500; // ms that the frame gets to begin with wiping
  const LETTERS = ['#ffffff', '#1c1c1c']; // on a colour: the one that can be read best
  const ICONS = {
    open: ['M20 37c0-7 .6-11-1-17M19 20 19 5M19 20 9 9M19 20 29 9M19 20 5 18M19 20 33 18M19 20 8 27M19 20 30 27', 'M19 4.5h0M8.5 8.5h0M29.5 8.5h0M4.5 18h0M33.5 18h0M7.5 27.5h0M30.5 27.5h0M19 20h0'],
    close: ['M12 12 28 28M28 12 12 28'],
  };

  const script = document.currentScript;
  const home = new URL(script.src).origin;
  if (document.querySelector(NAME)) return;
  if (window.origin !== home && !HOSTS.includes(window.origin)) {
    console.error(`Pluis: ${window.origin} staat niet in PLUIS_EMBED_ORIGINS, dus hier komt geen knop.`);
    return;
  }

  // -- what the script tag says ----------------------------------------------------------------------------------

  function option(name, fits, hint) {
    const value = (script.dataset[name] || '').trim();
    if (!value || fits.test(value)) return value.toLowerCase();
    console.warn(`Pluis: data-${name}="${value}" ken ik niet; ${hint}.`);
    return '';
  }

  const title = (script.dataset.title || '').trim() || 'Pluis';
  const color = option('color', /^#[0-9a-f]{6}$/i, 'schrijf een kleur als #1f645b') || {{ house.hex('utrecht-button-primary-action-background-color')|tojson }};
  const position = option('position', /^(left|right)$/i, 'kies left of right') || 'right';
  const address = new URL(home);
  address.searchParams.set('host', window.origin);
  if (script.dataset.start) address.searchParams.set('start', script.dataset.start);
  if ('shared' in script.dataset) address.searchParams.set('shared', '');

  // how light a colour is, and how much two differ: WCAG 2.2
  function light(hex) {
    const parts = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255);
    const [red, green, blue] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }

  function contrast(one, other) {
    const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
  }

  // -- what is put on the page: no markup and no style attribute, which a strict policy would refuse -----------------

  function make(name, attributes, ...children) {
    const made = name === 'svg' || name === 'path' ? document.createElementNS('http://www.w3.org/2000/svg', name) : document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  function icon(name) {
    return make('svg', { viewBox: '0 0 40 40', 'aria-hidden': 'true' }, ...ICONS[name].map((d) => make('path', { d })));
  }

  const place = make(NAME, { lang: 'nl', dir: 'ltr' });
  const button = make('button', { type: 'button', class: 'open', 'aria-haspopup': 'dialog', 'aria-expanded': 'false', 'aria-controls': 'chat' }, icon('open'), title);
  const close = make('button', { type: 'button', class: 'close', 'aria-label': 'Sluiten. Je gesprek blijft staan.' }, icon('close'));
  const panel = make('dialog', { id: 'chat', 'aria-label': title }, close);
  const box = make('div', { class: position }, button, panel);
  const sheet = new CSSStyleSheet();
  const root = place.attachShadow({ mode: 'open' });
  const small = window.matchMedia('(max-width: 30rem), (max-height: 34rem)'); // then it takes the whole screen
  let frame = null; // made when it is first opened
  let ready = false;
  let gone = false; // for good: the next page may be a while
  let lastEscape = 0;

  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];
  root.append(box);
  box.style.setProperty('--color', color);
  box.style.setProperty('--letters', LETTERS.sort((a, b) => contrast(b, color) - contrast(a, color))[0]);

  function show() {
    if (small.matches) panel.showModal();
    else panel.show();
    button.setAttribute('aria-expanded', 'true');
    frame.focus();
    tell('open');
  }

  function open() {
    if (!frame) {
      frame = make('iframe', { src: address, title: 'Gesprek met Pluis', referrerpolicy: 'no-referrer' });
      panel.append(frame);
    }
    show();
  }

  button.addEventListener('click', () => (panel.open ? panel.close() : open()));
  close.addEventListener('click', () => panel.close());
  panel.addEventListener('close', () => {
    if (panel.open) return; // only turned from a part of the screen to the whole, or back
    button.setAttribute('aria-expanded', 'false');
    button.focus();
  });
  small.addEventListener('change', () => {
    if (!panel.open) return;
    panel.close();
    show();
  });

  // -- between this page and the frame -----------------------------------------------------------------------------

  function tell(word, value) {
    if (ready) frame.contentWindow.postMessage({ pluis: word, value }, home);
  }

  function keep(value) {
    try {
      if (value === null) sessionStorage.removeItem(KEPT);
      else sessionStorage.setItem(KEPT, value);
    } catch { /* switched off here too: then the conversation ends with the page */ }
  }

  function kept() {
    try {
      return sessionStorage.getItem(KEPT);
    } catch {
      return null;
    }
  }

  window.addEventListener('message', ({ source, origin, data }) => {
    if (gone || !frame || source !== frame.contentWindow || origin !== home || !data) return;
    if (data.pluis === 'left') goAway();
    if (data.pluis === 'keep') keep(data.value);
    if (data.pluis === 'ready') {
      ready = true;
      tell('kept', kept());
      if (panel.open) tell('open');
    }
  });

  // -- away at once: Escape twice, wherever the focus is; once does nothing, so that it never closes what twice must wipe --

  function hide() {
    document.documentElement.style.setProperty('display', 'none', 'important');
  }

  function goAway() {
    gone = true;
    hide();
    keep(null);
    location.replace(ELSEWHERE);
  }

  function leave() {
    hide();
    tell('leave'); // the frame answers when it began to wipe
    setTimeout(goAway, ready ? WIPING : 0);
  }

  window.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !panel.open) return;
    if (small.matches || event.composedPath().includes(panel)) event.preventDefault(); // the browser would close it
    if (event.timeStamp - lastEscape < TWICE) leave();
    lastEscape = event.timeStamp;
  }, true);

  if (document.body) document.body.append(place);
  else document.addEventListener('DOMContentLoaded', () => document.body.append(place));
})();
