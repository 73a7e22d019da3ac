/** `ip l2tp`: tunnels of L2TP version 3, and the sessions in them, each a link (net/l2tp/l2tp_netlink.c; RFC 3931). */
import { l2tp } from '../../families/generic/l2tp.ts';
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { printAll } from '../generic.ts';
import { is, parse, to, type Command, type Draft, type Grammar } from '../grammar.ts';
import { printSession, printTunnel } from '../print/l2tp.ts';
import { choice, integer, newName, onOff, oneOf, parseAddress, word } from '../values.ts';
import type { Words } from '../words.ts';

const id = integer('ID', 1, 0xffffffff), port = integer('PORT', 1, 65535);
const address = word('{ ADDRESS | any }', (given, _context, after) => parseAddress(given, after), { choices: ['any'] });
const cookie = word('COOKIE', (given, _context, after) => {
  if (!/^([0-9a-f]{8}){1,2}$/i.test(given)) throw usage(`"${given}" is not a value of "${after}"`, '8 or 16 hexadecimal digits');
  return Uint8Array.from(given.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
});

const objects: Grammar = { tunnel: is('tunnel', true), session: is('session', true) };
const tunnelId: Grammar = { 'tunnel_id|tid': to('connId', id) }, sessionId: Grammar = { 'session_id|sid': to('sessionId', id) };
/** Of a tunnel alone. */
const tunnelRows: Grammar = {
  remote: to('remote', address), local: to('local', address),
  encap: to('encapType', oneOf('ip', 'udp')),
  udp_sport: to('udpSport', port), udp_dport: to('udpDport', port),
  udp_csum: to('udpCsum', onOff), udp6_csum_tx: to('csum6Tx', onOff), udp6_csum_rx: to('csum6Rx', onOff),
};
/** Of a session alone. */
const sessionRows: Grammar = {
  name: to('ifname', newName),
  ...sessionId, 'peer_session_id|psid': to('peerSessionId', id),
  cookie: to('cookie', cookie), peer_cookie: to('peerCookie', cookie),
  seq: to('seq', choice({ none: {}, send: { sendSeq: 1 }, recv: { recvSeq: 1 }, both: { recvSeq: 1, sendSeq: 1 } })),
  l2spec_type: to('l2specType', oneOf('none', 'default')),
};
const addRows: Grammar = { ...objects, ...tunnelId, 'peer_tunnel_id|ptid': to('peerConnId', id), ...tunnelRows, ...sessionRows };
const someRows: Grammar = { ...objects, ...tunnelId, ...sessionId };

interface Address { family: string; address: string }
interface Given {
  tunnel?: true; session?: true; connId?: number; peerConnId?: number; sessionId?: number; peerSessionId?: number;
  local?: Address; remote?: Address; encapType?: 'ip' | 'udp'; udpSport?: number; udpDport?: number; udpCsum?: number; csum6Tx?: number; csum6Rx?: number;
  ifname?: string; cookie?: Uint8Array; peerCookie?: Uint8Array; seq?: Draft; l2specType?: 'none' | 'default';
}

/** What is said of neither must not be there: words of a tunnel, of a session. */
function read(rows: Grammar, words: Words, context: Context, example: string): Given {
  const given = parse(rows, words, {}, context);
  if (!given['tunnel'] && !given['session']) throw usage('a tunnel, or a session?', example);
  for (const [object, own] of [['tunnel', tunnelRows], ['session', sessionRows]] as const) {
    const stray = Object.entries(own).find(([, { path }]) => given[path as string] !== undefined)?.[0];
    if (!given[object] && stray !== undefined) throw usage(`"${stray.split('|')[0] ?? ''}" is of a ${object}`);
  }
  return given as Given;
}

function need<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw usage(`"${what}" is missing`, 'ip l2tp help');
  return value;
}
const udpWords = { udpSport: 'udp_sport', udpDport: 'udp_dport', udpCsum: 'udp_csum', csum6Tx: 'udp6_csum_tx', csum6Rx: 'udp6_csum_rx' } as const;

/** A tunnel as the kernel takes it. */
function tunnel(given: Given): Draft {
  const connId = need(given.connId, 'tunnel_id'), peerConnId = need(given.peerConnId, 'peer_tunnel_id'), local = need(given.local, 'local'), remote = need(given.remote, 'remote');
  const { encapType = 'udp', udpCsum, csum6Tx = 1, csum6Rx = 1 } = given;
  if (local.family !== remote.family) throw usage('"local" and "remote" are of one family');
  const ends = local.family === 'inet' ? { ipSaddr: local.address, ipDaddr: remote.address } : { ip6Saddr: local.address, ip6Daddr: remote.address };
  const whole = { connId, peerConnId, protoVersion: 3, encapType, ...ends };
  if (encapType === 'ip') {
    for (const [key, name] of Object.entries(udpWords)) if (given[key as keyof Given] !== undefined) throw usage(`"${name}" is for tunnels over UDP`, 'encap udp');
    return whole;
  }
  return {
    ...whole, udpSport: need(given.udpSport, 'udp_sport'), udpDport: need(given.udpDport, 'udp_dport'),
    ...(udpCsum && { udpCsum }), ...(!csum6Tx && { udpZeroCsum6Tx: true }), ...(!csum6Rx && { udpZeroCsum6Rx: true }),
  };
}

/** Bytes of the header that `l2spec_type default` stands for. */
const SUBLAYER = 4;
/** A session as the kernel takes it: of Ethernet. */
function session({ connId, peerConnId = 0, sessionId: own, peerSessionId, seq, cookie: mine, peerCookie, ifname, l2specType = 'default' }: Given): Draft {
  return {
    connId: need(connId, 'tunnel_id'), peerConnId, sessionId: need(own, 'session_id'), peerSessionId: need(peerSessionId, 'peer_session_id'), pwType: 'eth', l2specType, l2specLen: l2specType === 'default' ? SUBLAYER : 0,
    ...seq, ...(mine && { cookie: mine }), ...(peerCookie && { peerCookie }), ...(ifname !== undefined && { ifname }),
  };
}

export const l2tpCommand: Command = {
  summary: 'tunnels of L2TP version 3 and their sessions',
  examples: [
    'ip l2tp show tunnel', 'ip l2tp add tunnel tunnel_id 1 peer_tunnel_id 1 local 192.0.2.1 remote 192.0.2.2 udp_sport 5000 udp_dport 5000',
    'ip l2tp add session tunnel_id 1 session_id 1 peer_session_id 1',
  ],
  commands: {
    add: {
      summary: 'add a tunnel, a session, or both',
      examples: ['ip l2tp add tunnel tunnel_id 1 peer_tunnel_id 1 local 192.0.2.1 remote 192.0.2.2 encap ip', 'ip l2tp add session name l2 tunnel_id 1 session_id 1 peer_session_id 1'],
      usage: '{ tunnel | session } tunnel_id ID ...',
      options: addRows,
      unlogged: true,
      async run(context, words) {
        const given = read(addRows, words, context, 'ip l2tp add tunnel ..., ip l2tp add session ...');
        const made = [...(given.tunnel ? [['tunnelCreate', tunnel(given)] as const] : []), ...(given.session ? [['sessionCreate', session(given)] as const] : [])];
        const kernel = await context.kernel.generic(l2tp);
        for (const [message, body] of made) kernel.request(message, body);
      },
    },
    'delete|del': {
      summary: 'delete a tunnel with its sessions, or a session',
      examples: ['ip l2tp del tunnel tunnel_id 1', 'ip l2tp del session tunnel_id 1 session_id 1'],
      usage: '{ tunnel tunnel_id ID | session tunnel_id ID session_id ID }',
      options: someRows,
      unlogged: true,
      async run(context, words) {
        const given = read(someRows, words, context, 'ip l2tp del tunnel tunnel_id ID');
        if (given.tunnel && given.session) throw usage('a tunnel, or a session?', 'a tunnel goes with its sessions');
        const connId = need(given.connId, 'tunnel_id');
        const [message, body] = given.session ? ['sessionDelete', { connId, sessionId: need(given.sessionId, 'session_id') }] as const : ['tunnelDelete', { connId }] as const;
        (await context.kernel.generic(l2tp)).request(message, body);
      },
    },
    'show|list|lst': {
      summary: 'print tunnels or sessions',
      examples: ['ip -j l2tp show tunnel', 'ip l2tp show session tunnel_id 1'],
      usage: '{ tunnel [ tunnel_id ID ] | session [ tunnel_id ID ] [ session_id ID ] }',
      options: someRows,
      async run(context, words) {
        const given = read(someRows, words, context, 'ip l2tp show tunnel');
        if (given.tunnel && given.session) throw usage('tunnels, or sessions?', 'ip l2tp show tunnel');
        const { connId, sessionId: own } = given, kernel = await context.kernel.generic(l2tp);
        // The kernel tells of all, whatever is asked for.
        const asked = given.session && (connId === undefined || own === undefined) ? {} : { ...(connId !== undefined && { connId }), ...(own !== undefined && { sessionId: own }) };
        const found = kernel.dump(given.session ? 'sessionGet' : 'tunnelGet', asked)
          .filter((body) => (connId === undefined || body['connId'] === connId) && (own === undefined || body['sessionId'] === own));
        printAll(context, found, given.session ? printSession : printTunnel);
      },
    },
  },
};
