// Large dumps: let the kernel filter, decode only what is needed, take a datagram's worth at a time. Needs no privilege.
import { open } from 'nlkit';
import { route, type Route } from 'nlkit/families/route';

await using nl = await open();

// The kernel leaves out what is not up or of another kind; of the rest only the names are decoded.
for await (const link of nl.link.list({ up: true, select: ['ifname'] })) console.log('up:', link.ifname);

// Any key of the schema may be selected, within nests too.
const kinds = new Set((await nl.link.list({ select: ['linkinfo.kind'] }).toArray()).map((link) => link.linkinfo?.kind ?? 'none'));
console.log('kinds:', [...kinds].sort().join(' '));

// The client below: any request of the protocol, in chunks, with a filter of one's own.
let routes = 0;
const dump = nl.client.dumpChunks(
  { message: route.messages.getroute, body: { family: 'inet' } },
  { select: ['type'], filter: (found: Pick<Route, 'type'>) => found.type === 'local' },
);
for await (const chunk of dump) routes += chunk.length;
console.log('local addresses:', routes);
