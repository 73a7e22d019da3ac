/** What is done with packets, in words: one row an action, read and shown by it (the words are ovs-dpctl's; ovs-actions(7) tells what they mean). */
import type { OvsAction } from '../../families/generic/openvswitch/index.ts';
import { usage } from '../errors.ts';
import { didYouMean } from '../words.ts';
import { ct } from './ct.ts';
import { members, mplsBits, readBits, readSet, showSet, type Body } from './keys.ts';
import { nsh } from './nsh.ts';
import { assignments, bracketed, bytesOf, bytesText, cHex, COMMA, dec, given, mac, numberOf, padded, readPair, split, type Scalar, type Style } from './text.ts';
import { userspace } from './userspace.ts';

/** An action's value. `inside` is what its brackets have; undefined: it has none. */
export interface ActionBody {
  read(inside: string | undefined, word: string, style: Style): unknown;
  show(value: never, style: Style): string | undefined;
}
interface Row { readonly key: keyof OvsAction; readonly body: ActionBody }

const U32 = 0xffffffff;
/** `pop_vlan`: the word is all. */
const bare: ActionBody = {
  read(inside, word) {
    if (inside !== undefined) throw usage(`"${word}" takes no brackets`);
    return true;
  },
  show: () => undefined,
};
/** `meter(5)` */
const one = (show: (n: number) => string = String): ActionBody => ({ read: (inside, word) => Number(numberOf(given(inside, word), U32)), show: (n: number) => show(n) });
/** Values without masks: those of a key. */
function exactly(body: Body): ActionBody {
  return { read: (inside, word, style) => body.read(given(inside, word), word, style).value, show: (value, style) => body.show(value, undefined, style) };
}
const inner: ActionBody = {
  read: (inside, word, style) => readActions(given(inside, word), style),
  show: (actions: readonly OvsAction[], style) => showActions(actions, style),
};

const etherType = (text: string | undefined): number => readPair(padded(16), text as string, 'eth_type').value;
const pushVlan: ActionBody = {
  read(inside, word) {
    const out = { tpid: 0x8100, vid: 0, pcp: 0, cfi: 1 }, most = { tpid: 16, vid: 12, pcp: 3, cfi: 1 };
    assignments(given(inside, word), word, Object.keys(out), (name, text) => { out[name as keyof typeof out] = readPair(dec(most[name as keyof typeof most]), text as string, name).value; });
    return { tpid: out.tpid, tci: out.pcp << 13 | out.cfi << 12 | out.vid };
  },
  show: ({ tpid, tci }: NonNullable<OvsAction['pushVlan']>) => `${tpid === 0x8100 ? '' : `tpid=${padded(16).show(tpid)},`}vid=${tci & 0xfff},pcp=${tci >> 13}${tci & 0x1000 ? '' : ',cfi=0'}`,
};
/** @param l3 words for where the label goes */
const pushMpls = (l3: boolean): ActionBody => ({
  read(inside, word) {
    const out = { value: 0, mask: 0 };
    let ethertype = 0x8847, tunFlags = 0;
    assignments(given(inside, word), word, [...Object.keys(mplsBits), 'eth_type', ...(l3 ? ['l3_encap'] : [])], (name, text) => {
      if (name === 'eth_type') ethertype = etherType(text);
      else if (name === 'l3_encap') tunFlags = Number(numberOf(given(text, name), 1));
      else readBits(mplsBits, name, text, out);
    });
    return { lse: out.value, ethertype, ...(l3 && { tunFlags }) };
  },
  show({ lse, ethertype, tunFlags }: { lse: number; ethertype: number; tunFlags?: number }) {
    const label = Object.entries(mplsBits).map(([name, { shift, width }]) => `${name}=${lse >>> shift & 2 ** width - 1}`);
    return [...label, `eth_type=${cHex(ethertype)}`, ...(tunFlags ? ['l3_encap=1'] : [])].join(',');
  },
});
const popMpls: ActionBody = {
  read(inside, word) {
    let type = 0;
    assignments(given(inside, word), word, ['eth_type'], (_, text) => { type = etherType(text); });
    return type;
  },
  show: (type: number) => `eth_type=${cHex(type)}`,
};

const hashes = { l4: 'l4', sym_l4: 'symL4' } as const;
const hash: ActionBody = {
  read(inside, word) {
    const call = bracketed(given(inside, word)), alg = call && Object.hasOwn(hashes, call.word) ? hashes[call.word as keyof typeof hashes] : undefined;
    if (!call || !alg) throw usage(`"${word}(${inside})" is not a hash`, 'hash(l4(0)) or hash(sym_l4(0))');
    return { alg, basis: Number(numberOf(call.inside, U32)) };
  },
  show: ({ alg, basis }: NonNullable<OvsAction['hash']>) => `${Object.entries(hashes).find(([, name]) => name === alg)?.[0] ?? alg}(${basis})`,
};

const sample: ActionBody = {
  read(inside, word, style) {
    let probability: number | undefined, actions: OvsAction[] | undefined;
    assignments(given(inside, word), word, ['sample', 'actions'], (name, text) => {
      if (name === 'actions') actions = readActions(given(text, name), style);
      else {
        const [, digits] = /^([\d.]+)%$/.exec(text ?? '') ?? [], percent = Number(digits);
        if (!(percent >= 0 && percent <= 100)) throw usage(`"${text}" is not a share of the packets`, 'sample=50.0%');
        probability = Math.floor(U32 / 100 * percent + 0.5);
      }
    });
    if (probability === undefined || !actions) throw usage(`"${word}(${inside})": which packets, and what of them?`, 'sample(sample=50.0%,actions(1))');
    return { probability, actions };
  },
  show: ({ probability = 0, actions = [] }: NonNullable<OvsAction['sample']>, style) => `sample=${(100 * probability / U32).toFixed(1)}%,actions(${showActions(actions, style)})`,
};
const checkPktLen: ActionBody = {
  read(inside, word, style) {
    const out: { pktLen?: number; actionsIfGreater?: OvsAction[]; actionsIfLessEqual?: OvsAction[] } = {};
    assignments(given(inside, word), word, ['size', 'gt', 'le'], (name, text) => {
      if (name === 'size') out.pktLen = Number(numberOf(given(text, name), 0xffff));
      else out[name === 'gt' ? 'actionsIfGreater' : 'actionsIfLessEqual'] = readActions(given(text, name), style);
    });
    if (out.pktLen === undefined || !out.actionsIfGreater || !out.actionsIfLessEqual) throw usage(`"${word}(${inside})": which size, and what of longer and of other packets?`, 'check_pkt_len(size=1500,gt(drop),le(2))');
    return { pktLen: out.pktLen, actionsIfGreater: out.actionsIfGreater, actionsIfLessEqual: out.actionsIfLessEqual };
  },
  show: ({ pktLen, actionsIfGreater = [], actionsIfLessEqual = [] }: NonNullable<OvsAction['checkPktLen']>, style) =>
    `size=${pktLen},gt(${showActions(actionsIfGreater, style)}),le(${showActions(actionsIfLessEqual, style)})`,
};
const decTtl: ActionBody = {
  read(inside, word, style) {
    let action: OvsAction[] = [];
    assignments(given(inside, word), word, ['le_1_action'], (name, text) => { action = readActions(given(text, name), style); });
    return { action };
  },
  show: ({ action = [] }: NonNullable<OvsAction['decTtl']>, style) => `le_1_action(${showActions(action, style)})`,
};
const psample: ActionBody = {
  read(inside, word) {
    const out: { group?: number; cookie?: Uint8Array } = {};
    assignments(given(inside, word), word, ['group', 'cookie'], (name, text) => {
      if (name === 'group') out.group = Number(numberOf(given(text, name), U32));
      else out.cookie = bytesOf(given(text, name).replace(/^0x/i, ''));
    });
    return out;
  },
  show: ({ group, cookie }: NonNullable<OvsAction['psample']>) => `group=${group}${cookie ? `,cookie=0x${bytesText(cookie)}` : ''}`,
};
const pushEth: ActionBody = {
  read: (inside, word, style) => ({ addresses: exactly(addresses).read(inside, word, style) }),
  show: ({ addresses: both }: NonNullable<OvsAction['pushEth']>, style) => addresses.show(both, undefined, style),
};
const pushNsh: ActionBody = {
  read: (inside, word, style) => ({ nsh: exactly(nsh).read(inside, word, style) }),
  show: ({ nsh: header = {} }: NonNullable<OvsAction['pushNsh']>, style) => nsh.show(header, undefined, style),
};
const addresses = members({ src: ['src', mac as Scalar<never>], dst: ['dst', mac as Scalar<never>] });

/** word -> the action that it is, and what is in its brackets. Those without a word: a port's number or name, `set(...)`, `drop`. */
export const actionRows: Readonly<Record<string, Row>> = {
  userspace: { key: 'userspace', body: userspace },
  push_vlan: { key: 'pushVlan', body: pushVlan },
  pop_vlan: { key: 'popVlan', body: bare },
  sample: { key: 'sample', body: sample },
  recirc: { key: 'recirc', body: one(cHex) },
  hash: { key: 'hash', body: hash },
  push_mpls: { key: 'pushMpls', body: pushMpls(false) },
  pop_mpls: { key: 'popMpls', body: popMpls },
  add_mpls: { key: 'addMpls', body: pushMpls(true) },
  ct: { key: 'ct', body: ct },
  ct_clear: { key: 'ctClear', body: bare },
  trunc: { key: 'trunc', body: { read: (inside, word) => ({ maxLen: Number(numberOf(given(inside, word), U32)) }), show: ({ maxLen }: NonNullable<OvsAction['trunc']>) => String(maxLen) } },
  push_eth: { key: 'pushEth', body: pushEth },
  pop_eth: { key: 'popEth', body: bare },
  push_nsh: { key: 'pushNsh', body: pushNsh },
  pop_nsh: { key: 'popNsh', body: bare },
  meter: { key: 'meter', body: one() },
  clone: { key: 'clone', body: inner },
  check_pkt_len: { key: 'checkPktLen', body: checkPktLen },
  dec_ttl: { key: 'decTtl', body: decTtl },
  drop: { key: 'drop', body: one() },
  psample: { key: 'psample', body: psample },
};
const byKey = new Map(Object.entries(actionRows).map(([word, row]) => [row.key as string, { word, body: row.body }]));

/** Actions from their text: `1,push_vlan(vid=5,pcp=0),2`; `drop`: none. @throws {CliError} for what is none, with the part that it is about */
export function readActions(text: string, style: Style): OvsAction[] {
  const items = split(text.replace(/^actions:/, ''), COMMA);
  if (items.length === 0) throw usage('there are no actions', '"drop" is what no actions are');
  if (items.length === 1 && items[0] === 'drop') return [];
  return items.map((item) => readAction(item, style));
}
function readAction(item: string, style: Style): OvsAction {
  if (/^(\d|0x)/i.test(item)) return { output: Number(numberOf(item, U32)) };
  const call = bracketed(item), word = call?.word ?? item, row = Object.hasOwn(actionRows, word) ? (actionRows[word] as Row) : undefined;
  if (call && word === 'set') return readSet(call.inside, style);
  if (word === 'drop' && !call) throw usage('"drop" stands alone', 'packets are dropped when there is nothing left to do with them');
  if (row) return { [row.key]: row.body.read(call?.inside, word, style) };
  const output = call ? undefined : style.portNumber(word);
  if (output === undefined) throw usage(call ? `"${item}": "${word}" is not an action` : `"${item}" is not an action, nor a port`, didYouMean(word, [...Object.keys(actionRows), 'set']));
  return { output };
}

export function showActions(actions: readonly OvsAction[], style: Style): string {
  if (actions.length === 0) return 'drop';
  return actions.map((action) => {
    if (action.output !== undefined) return style.portName(action.output) ?? String(action.output);
    if (action.set ?? action.setMasked) return `set(${showSet(action, style)})`;
    const [key, value] = Object.entries(action)[0] ?? [], row = byKey.get(key ?? '');
    if (!row) return `action${action.$unknown?.map(({ type, data }) => `${type & 0x3fff}(${bytesText(data)})`).join('') ?? ''}`;
    const inside = row.body.show(value as never, style);
    return inside === undefined ? row.word : `${row.word}(${inside})`;
  }).join(',');
}
