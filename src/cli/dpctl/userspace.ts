/** `userspace`: whom to tell of a packet, and what else. What ovs-vswitchd tells itself by it is shown in its words (struct user_action_cookie of Open vSwitch 2.11 to 3.x). */
import { be16, be64, blob, decode, encode, enumeration, struct, u16, u32, u8, union, type Value } from '../../codec/index.ts';
import type { OvsUserspace } from '../../families/generic/openvswitch/index.ts';
import { usage } from '../errors.ts';
import type { ActionBody } from './actions.ts';
import { assignments, bytesOf, bytesText, dec, given, hex64, numberOf, readFlags, readPair, showFlags, type Scalar, type Style } from './text.ts';

const Cookie = struct('user_action_cookie', {
  type: enumeration(u32, { unspec: 0, sflow: 1, slowPath: 2, flowSample: 3, ipfix: 4, controller: 5 }),
  inPort: u16,
  _pad: u16,
  uuid: blob(16),
  u: union('type', {
    sflow: struct('sflow', { tci: be16, _pad: u16, output: u32 }),
    slowPath: struct('slow_path', { _unused: u32, reason: u32 }),
    flowSample: struct('flow_sample', { probability: u16, _pad: u16, collectorSetId: u32, obsDomainId: u32, obsPointId: u32, outputPort: u32, direction: enumeration(u32, { none: 0, ingress: 1, egress: 2 }) }),
    ipfix: struct('ipfix', { outputPort: u32 }),
    controller: struct('controller', { dontSend: u8, continuation: u8, reason: u16, recircId: u32, ruleCookie: be64, controllerId: u16, maxLen: u16 }),
  }, blob(24)),
});
type CookieType = 'sflow' | 'flowSample' | 'ipfix' | 'controller';
/** What is not about a port. */
const NO_PORT = 0xffff;

/** word -> what it is; of each part, the word, the member and how it is written. */
const kinds: Readonly<Record<string, readonly [type: CookieType, rows: Readonly<Record<string, readonly [string, Scalar<never>]>>]>> = {
  flow_sample: ['flowSample', rows({ probability: ['probability', dec(16)], collector_set_id: ['collectorSetId', dec(32)], obs_domain_id: ['obsDomainId', dec(32)], obs_point_id: ['obsPointId', dec(32)], output_port: ['outputPort', dec(32)] })],
  ipfix: ['ipfix', rows({ output_port: ['outputPort', dec(32)] })],
  controller: ['controller', rows({ reason: ['reason', dec(16)], dont_send: ['dontSend', dec(1)], continuation: ['continuation', dec(1)], recirc_id: ['recircId', dec(32)], rule_cookie: ['ruleCookie', hex64], controller_id: ['controllerId', dec(16)], max_len: ['maxLen', dec(16)] })],
};
function rows(all: Readonly<Record<string, readonly [string, Scalar<number> | Scalar<bigint>]>>): Readonly<Record<string, readonly [string, Scalar<never>]>> {
  return all as never;
}
const slowReasons = ['cfm', 'bfd', 'lacp', 'stp', 'lldp', 'action', 'match'], ANY_REASON = 0xffffffff;
/** The word that is a port's number, or its name. */
const PORT = 'output_port';
const DIRECTIONS = ['ingress', 'egress'];

const cookie = (type: string, u: object): Uint8Array => encode(Cookie, { type, inPort: NO_PORT, uuid: new Uint8Array(16), u } as Value<typeof Cookie>);
function readCookie(word: string, inside: string, { portNumber }: Style): Uint8Array {
  if (word === 'slow_path') return cookie('slowPath', { reason: readFlags(slowReasons, ANY_REASON, inside.replaceAll(',', '|'), word).value });
  if (word === 'sFlow') {
    const out = { vid: 0, pcp: 0, output: 0 };
    assignments(inside, word, Object.keys(out), (name, text) => { out[name as keyof typeof out] = readPair(dec(name === 'vid' ? 12 : name === 'pcp' ? 3 : 32), text as string, name).value; });
    return cookie('sflow', { tci: out.pcp << 13 | 0x1000 | out.vid, output: out.output });
  }
  const [type, own] = kinds[word] as (typeof kinds)[string], u: Record<string, unknown> = Object.fromEntries(Object.values(own).map(([member, { zero }]) => [member, zero]));
  assignments(inside, word, [...Object.keys(own), ...(type === 'flowSample' ? DIRECTIONS : [])], (name, text) => {
    const row = own[name];
    if (row) u[row[0]] = (name === PORT ? portNumber(text ?? '') : undefined) ?? readPair(row[1] as Scalar, text as string, name).value;
    else u['direction'] = name;
  });
  return cookie(type, type === 'flowSample' ? { direction: 'none', ...u } : u);
}
/** Undefined for what is nobody's. */
function showCookie(data: Uint8Array, { portName }: Style): string | undefined {
  if (data.length !== Cookie.size) return undefined;
  const { type, u } = decode(Cookie, data) as { type: string; u: Record<string, unknown> };
  if (type === 'sflow') {
    const { tci, output } = u as { tci: number; output: number };
    return `sFlow(vid=${tci & 0xfff},pcp=${tci >> 13},output=${output})`;
  }
  if (type === 'slowPath') return `slow_path(${showFlags(slowReasons, ANY_REASON, u['reason'] as number, undefined).replaceAll('|', ',')})`;
  const [word, [, own]] = Object.entries(kinds).find(([, [name]]) => name === type) ?? ['', [undefined, {}]];
  if (word === '') return undefined;
  const direction = DIRECTIONS.filter((name) => u['direction'] === name);
  return `${word}(${[...Object.entries(own).map(([name, [member, scalar]]) => `${name}=${(name === PORT ? portName(u[member] as number) : undefined) ?? (scalar as Scalar).show(u[member])}`), ...direction].join(',')})`;
}

export const userspace: ActionBody = {
  read(inside, where, style: Style) {
    const { portNumber } = style;
    const out: { -readonly [K in keyof OvsUserspace]: OvsUserspace[K] } = {};
    const data = (bytes: Uint8Array): void => {
      if (out.userdata) throw usage(`${where} has one thing to tell`);
      out.userdata = bytes;
    };
    assignments(given(inside, where), where, ['pid', 'userdata', 'actions', 'tunnel_out_port', 'sFlow', 'slow_path', ...Object.keys(kinds)], (word, text = '') => {
      if (word === 'pid') out.pid = Number(numberOf(given(text, word), 0xffffffff));
      else if (word === 'actions') out.actions = true;
      else if (word === 'userdata') data(bytesOf(text));
      else if (word === 'tunnel_out_port') out.egressTunPort = portNumber(text) ?? Number(numberOf(given(text, word), 0xffffffff));
      else data(readCookie(word, text, style));
    });
    if (out.pid === undefined) throw usage(`${where}: whom to tell?`, 'userspace(pid=5), 5 a netlink port');
    return out;
  },
  show({ pid, userdata, actions, egressTunPort }: OvsUserspace, style) {
    return [
      `pid=${pid ?? 0}`, ...(userdata ? [showCookie(userdata, style) ?? `userdata(${bytesText(userdata)})`] : []), ...(actions ? ['actions'] : []),
      ...(egressTunPort === undefined ? [] : [`tunnel_out_port=${style.portName(egressTunPort) ?? egressTunPort}`]),
    ].join(',');
  },
};
