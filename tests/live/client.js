// Microsoft's own client, unmodified, outside a browser. What comes in is one activity a line, to be sent; what goes out is
// one line of JSON for everything that it sees. It stops when nothing more can come in.
'use strict';

const [library, requests, asked, quarter] = process.argv.slice(2);
const QUARTER = 15 * 60 * 1000; // after which it renews its token: shorter here, as nothing else is

const intervals = globalThis.setInterval;
globalThis.setInterval = (act, after, ...more) => intervals(act, after === QUARTER ? Number(quarter) : after, ...more);
globalThis.self = globalThis;
globalThis.XMLHttpRequest = require(requests);

const { DirectLine } = require(library);
const tell = (seen) => process.stdout.write(`${JSON.stringify(seen)}\n`);
const line = new DirectLine({ ...JSON.parse(asked), random: () => 0 }); // the shortest of its waits
let token = line.token;

Object.defineProperty(line, 'token', { get: () => token, set: (value) => tell({ token: (token = value) }) });
line.connectionStatus$.subscribe((status) => tell({ status }));
line.activity$.subscribe((activity) => tell({ activity, watermark: line.watermark }), (error) => tell({ stopped: String(error) }));
require('node:readline')
  .createInterface({ input: process.stdin })
  .on('line', (text) => line.postActivity(JSON.parse(text)).subscribe((id) => tell({ sent: String(id) }), ({ status }) => tell({ refused: status })))
  .on('close', () => process.exit());
