// decode FILE PASSES: every message of a captured dump into an object that is dropped; CPU nanoseconds a message.
import { readFileSync } from 'node:fs';
import { load, report, start } from './side.mjs';

const { decoder } = await load('codec/index.js');
const { route } = await load('families/route/index.js');
const [file, passes] = process.argv.slice(2);
const bytes = new Uint8Array(readFileSync(file));
const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const decode = decoder(route.messages.newroute.schema);

const times = [];
let count = 0;
let check = 0;
start();
for (let pass = 0; pass < Number(passes); pass++) {
  const from = process.cpuUsage();
  count = 0;
  for (let at = 0; at < bytes.length;) {
    const length = view.getUint32(at, true);
    const value = decode(bytes, view, at + 16, at + length);
    if (value.dst !== undefined) check += value.oif;
    at += (length + 3) & ~3;
    count++;
  }
  const used = process.cpuUsage(from);
  times.push(((used.user + used.system) * 1e3) / count);
}
const ns = times.sort((a, b) => a - b)[times.length >> 1];
report(count, { ns, check });
