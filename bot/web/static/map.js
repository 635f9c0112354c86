// Draws how the scenes of a dialogue hang together. The layout is dagre's, worked out beside the page.
const NS = 'http://www.w3.org/2000/svg';
const MOST = 400; // places; beyond, a drawing says nothing any more
const HEIGHT = 34;
const LETTER = 7.4; // px, on average
const WAIT = 20_000; // ms

let worker = null;

export async function drawMap(parent, map, goTo) {
  worker?.terminate();
  if (map.spots.length > MOST) {
    parent.textContent = `Met meer dan ${MOST} scènes teken ik geen kaart. Hieronder staan ze allemaal.`;
    return;
  }
  const nodes = map.spots.map((spot) => ({ id: spot.id, width: label(spot).length * LETTER + 28, height: HEIGHT }));
  const ways = map.spots.flatMap(({ id, exits }) => exits.filter(({ to }) => to !== id).map(({ to }) => [`${id} ${to}`, { from: id, to }]));
  const edges = new Map(ways);
  const own = new Worker(parent.dataset.worker);
  worker = own;
  own.postMessage({ dagre: parent.dataset.dagre, nodes, edges: [...edges.values()] });
  try {
    parent.replaceChildren(drawing(map, await answered(own), goTo));
  } catch {
    if (worker === own) parent.textContent = 'De kaart tekenen lukt nu niet. Hieronder staan alle scènes.';
  } finally {
    own.terminate();
  }
}

function answered(from) {
  return new Promise((done, failed) => {
    const timer = setTimeout(failed, WAIT);
    from.addEventListener('message', ({ data }) => { clearTimeout(timer); done(data); });
    from.addEventListener('error', failed);
  });
}

// A place that leads to itself says so in its box.
const label = ({ id, exits }) => (exits.some(({ to }) => to === id) ? `${id} ↺` : id);

function made(name, attributes, ...children) {
  const node = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

function drawing(map, { width, height, nodes, edges }, goTo) {
  const spots = new Map(map.spots.map((spot) => [spot.id, spot]));
  const steps = (way) => new Set(way?.places.slice(1).map((to, at) => `${way.places[at]} ${to}`));
  const [best, worst] = [steps(map.best), steps(map.worst)];
  const arrow = made('marker', { id: 'pijl', viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 8, markerHeight: 8, orient: 'auto' }, made('path', { d: 'M0 0 8 4 0 8z' }));
  const lines = edges.map(({ from, to, points }) => made('path', {
    class: ['way', best.has(`${from} ${to}`) && 'best', worst.has(`${from} ${to}`) && 'worst'].filter(Boolean).join(' '),
    d: `M${points.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}`, 'marker-end': 'url(#pijl)',
  }));
  const places = nodes.map(({ id, x, y, width: wide, height: high }) => {
    const { kind, line, says } = spots.get(id);
    const told = label(spots.get(id));
    const group = made('g', { 'data-id': id, class: `spot ${kind}${id === map.begin ? ' first' : ''}`, transform: `translate(${x - wide / 2} ${y - high / 2})` },
      made('title', {}, says),
      made('rect', { width: wide, height: high, rx: kind === 'scene' ? 4 : high / 2 }),
      made('text', { x: wide / 2, y: high / 2, 'text-anchor': 'middle', 'dominant-baseline': 'central' }, told));
    group.addEventListener('click', () => goTo(line));
    return group;
  });
  const told = `Kaart van ${nodes.length} scènes en eindes. Dezelfde staan in de lijst hieronder.`;
  return made('svg', { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': told }, made('defs', {}, arrow), ...lines, ...places);
}
