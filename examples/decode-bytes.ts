// The codec alone: bytes to a value and back, and what each byte means. No kernel, no Node: it runs in a browser too.
import { decodeMessage, encode, frames, spans } from 'nlkit/codec';
import { Link, route } from 'nlkit/families/route';

// A request for a bridge named br0 with VLAN filtering, as it goes to a little-endian kernel.
const littleEndian = true;
const bytes = fromHex(`
  44000000 10000506 01000000 00000000  00000000 00000000 00000000 00000000
  08000300 62723000  1c001280 0b000100 62726964 67650000  0c000280 05000700 01000000`);

for (const frame of frames(bytes, { littleEndian })) {
  const { name, body } = decodeMessage(route, bytes, frame, { littleEndian });
  console.log(name, JSON.stringify(body));
  for (const { start, end, depth, name: what, value, leaf } of spans(Link, bytes, { littleEndian, at: frame.start, end: frame.end }).spans) {
    console.log(`${start}-${end}`.padEnd(8), '  '.repeat(depth) + what, leaf ? JSON.stringify(value) : '');
  }
}

console.log(toHex(encode(Link, { ifname: 'br0', linkinfo: { kind: 'bridge', data: { vlanFiltering: 1 } } }, { littleEndian })));

function fromHex(text: string): Uint8Array { return Uint8Array.from(text.match(/[0-9a-f]{2}/g) ?? [], (pair) => parseInt(pair, 16)); }
function toHex(data: Uint8Array): string { return Array.from(data, (byte) => byte.toString(16).padStart(2, '0')).join(''); }
