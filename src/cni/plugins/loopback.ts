/** `loopback`: brings up the loopback interface of the container. */
import { failure } from '../error.ts';
import { interfaceOf } from '../link.ts';
import type { Plugin } from '../plugin.ts';
import { Side } from '../side.ts';

const LO = 'lo';

export const loopback: Plugin = {
  add: ({ netns, prevResult }) => Side.at(netns, ({ nl }) => {
    nl.link.set(LO, { up: true });
    if (prevResult) return prevResult;
    const link = nl.link.get(LO);
    const ips = nl.address.list({ dev: link.index }).map(({ local, address, prefixlen }) => ({ interface: 0, address: `${local ?? address}/${prefixlen}` }));
    return { interfaces: [interfaceOf(link, netns)], ips };
  }),
  del: ({ netns }) => { Side.where(netns, ({ nl }) => nl.link.set(LO, { up: false })); },
  check: ({ netns }) => Side.at(netns, ({ nl }) => { if (!nl.link.get(LO).flags.includes('up')) throw failure('loopback interface is down'); }),
};
