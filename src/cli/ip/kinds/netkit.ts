/** `type netkit`: drivers/net/netkit.c. */
import { is, to, type Grammar } from '../../grammar.ts';
import { via, words } from '../../print/formats.ts';
import { oneOf } from '../../values.ts';
import { plain, type Kind } from './kind.ts';

/** What becomes of packets that no program decides on, and whether their mark is cleared: of this end, or of the other. */
function side(policy: string, scrub: string): Grammar {
  return { forward: is(policy, 'pass'), blackhole: is(policy, 'drop'), scrub: to(scrub, oneOf('default', 'none')) };
}

const own = side('policy', 'scrub');
const other = side('peerPolicy', 'peerScrub');
/** A number that is neither has no name. */
const policies = via((policy) => ({ pass: 'forward', drop: 'blackhole' })[policy as string] ?? 'UNKNOWN');

export const netkit: Kind = {
  options: { mode: to('mode', oneOf('l2', 'l3')), ...own },
  peer(data, from, context) {
    for (let word = from.peek(); word !== undefined && Object.hasOwn(other, word); word = from.peek()) {
      from.next();
      const row = other[word];
      if (row?.path !== undefined) data[row.path] = row.type ? row.type.read(from, context, word) : row.is;
    }
  },
  sheet: [
    plain('mode'),
    ['type', 'type % ', 'primary', words({ 0: 'peer', 1: 'primary' })],
    ['policy', 'policy % ', 'policy', policies],
    ['peer_policy', 'peer policy % ', 'peerPolicy', policies],
    plain('scrub'),
    plain('peer_scrub', 'peerScrub', 'peer scrub'),
  ],
};
