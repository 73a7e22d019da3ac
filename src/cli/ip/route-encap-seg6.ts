/** `encap seg6` and `encap seg6local`: IPv6 segment routing (RFC 8754, 8986). */
import { usage } from '../errors.ts';
import { act, to, type Draft, type Grammar } from '../grammar.ts';
import { choice, device, familyOf, ip, parseAddress, tableId, text, u32, u8, word } from '../values.ts';
import { programOf, programWords } from './bpf-program.ts';
import { segmentBytes } from './route-encap-ioam.ts';

/** Comma-separated segments as a routing header: in wire order the last to be visited comes first. */
function header(given: string, open: boolean, hmac?: number): Draft {
  const segments = given.split(',');
  const wrong = segments.find((segment) => familyOf(segment) !== 'inet6');
  if (wrong !== undefined) throw usage(`"${wrong}" is not a segment`, 'IPv6 addresses, separated by commas');
  // With inline the packet's own destination is the last segment: the kernel fills it in.
  const wire = [...(open ? ['::'] : []), ...segments.reverse()];
  const srh = { nexthdr: 0, hdrlen: wire.length * 2, type: 4, segmentsLeft: wire.length - 1, firstSegment: wire.length - 1, flags: [], tag: 0, segments: wire };
  return hmac === undefined ? srh : { ...srh, hdrlen: srh.hdrlen + hmacLength / 8, flags: ['hmac'], segments: withHmac(segmentBytes([...wire].reverse()), hmac) };
}

/** Type 5, its length without the first two bytes, the key's number, then room for what the kernel computes (RFC 8754, 2.1.2). */
const hmacLength = 40;

function withHmac(segments: Uint8Array, key: number): Uint8Array {
  const bytes = new Uint8Array(segments.length + hmacLength);
  bytes.set(segments);
  const view = new DataView(bytes.buffer, segments.length);
  view.setUint8(0, 5);
  view.setUint8(1, hmacLength - 2);
  view.setUint32(4, key);
  return bytes;
}

const modes = { encap: 'encap', inline: 'inline', l2encap: 'l2encap', 'encap.red': 'encapRed', 'l2encap.red': 'l2encapRed' };

export const seg6: Grammar = {
  mode: to('mode', choice(modes)),
  segs: to('segs', text('SEGMENT,...')),
  hmac: to('hmac', u32('KEY')),
  tunsrc: to('src', ip),
  lookup: to('table', tableId, 'where the first segment is looked up'),
};

export function finishSeg6(encap: Draft): Draft {
  const { mode, segs, src, hmac, table } = encap as { mode?: string; segs?: string; src?: string; hmac?: number; table?: number };
  if (segs === undefined) throw usage('which segments?', 'encap seg6 mode encap segs fc00::1,fc00::2');
  return { srh: { mode: mode ?? 'encap', srh: header(segs, mode === 'inline', hmac) }, ...(src !== undefined && { src }), ...(table !== undefined && { table }) };
}

/** The behaviours, as RFC 8986 writes them. */
const actions = {
  End: 'end', 'End.X': 'endX', 'End.T': 'endT', 'End.DX2': 'endDx2', 'End.DX6': 'endDx6', 'End.DX4': 'endDx4', 'End.DT6': 'endDt6',
  'End.DT4': 'endDt4', 'End.DT46': 'endDt46', 'End.B6': 'endB6', 'End.B6.Encaps': 'endB6Encap', 'End.BM': 'endBm', 'End.S': 'endS',
  'End.AS': 'endAs', 'End.AM': 'endAm', 'End.BPF': 'endBpf',
};

const flavors = { psp: 'psp', usp: 'usp', usd: 'usd', 'next-csid': 'nextCsid' } as const;

/** Of a family that the route's need not be. */
const nexthop = word('ADDRESS', (given, _context, after) => parseAddress(given, after).address);

export const seg6local: Grammar = {
  action: to('action', word('ACTION', (given) => {
    const action = (actions as Readonly<Record<string, string>>)[given];
    if (action === undefined) throw usage(`"${given}" is not an action`, `known are ${Object.keys(actions).join(', ')}`);
    return action;
  }, { choices: Object.keys(actions) })),
  table: to('table', tableId),
  vrftable: to('vrftable', tableId),
  nh4: to('nh4', nexthop),
  nh6: to('nh6', nexthop),
  iif: to('iif', device),
  oif: to('oif', device),
  srh: to('srh', {
    name: '[ mode MODE ] segs SEGMENT,...',
    read(words, context, after) {
      if (words.take('mode')) choice(modes).read(words, context, 'mode');
      if (!words.take('segs')) throw usage(`"${after}" is followed by "segs SEGMENT,..."`);
      return words.next('segs');
    },
  }),
  flavors: act((draft, value) => { draft['flavors'] = { ...(draft['flavors'] as Draft | undefined), operation: value }; }, word(`{ ${Object.keys(flavors).join(' | ')} },...`, (given) => given.split(',').map((name) => {
    const flavor = (flavors as Readonly<Record<string, string>>)[name];
    if (flavor === undefined) throw usage(`"${name}" is not a flavor`, `known are ${Object.keys(flavors).join(', ')}`);
    return flavor;
  }))),
  lblen: act((draft, value) => { draft['flavors'] = { ...(draft['flavors'] as Draft | undefined), lcblockBits: value }; }, u8('BITS'), { help: 'of next-csid' }),
  nflen: act((draft, value) => { draft['flavors'] = { ...(draft['flavors'] as Draft | undefined), lcnodeFnBits: value }; }, u8('BITS'), { help: 'of next-csid' }),
  endpoint: act((draft, value, context) => {
    const { fd, name } = programOf(value, 'lwtSeg6Local', context);
    draft['bpf'] = { prog: fd, progName: name };
  }, programWords, { help: 'of End.BPF' }),
  count: act((draft) => { draft['counters'] = { packets: 0n, bytes: 0n, errors: 0n }; }),
};

/** End.B6 puts its header into the packet, so the packet's own destination has a place in it. */
export function finishSeg6local(encap: Draft): Draft {
  const { srh, ...rest } = encap;
  if (encap['action'] === undefined) throw usage('which action?', 'encap seg6local action End.X nh6 fc00::1');
  return typeof srh === 'string' ? { ...rest, srh: header(srh, encap['action'] !== 'endB6Encap') } : encap;
}
