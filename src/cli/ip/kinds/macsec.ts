/** `type macsec`: drivers/net/macsec.c. */
import { to, type Draft } from '../../grammar.ts';
import { usage } from '../../errors.ts';
import { choice, integer, mac, oneOf, u32, word } from '../../values.ts';
import { via } from '../../print/formats.ts';
import { plain, toggle, toggles, type Kind } from './kind.ts';

const suites = {
  'gcm-aes-128': 0x0080c20001000001n, 'gcm-aes-256': 0x0080c20001000002n, 'gcm-aes-xpn-128': 0x0080c20001000003n, 'gcm-aes-xpn-256': 0x0080c20001000004n,
} as const;
/** An older number for GCM-AES-128: the default, and what the kernel says. */
const standard = 0x0080020001000001n;

/** A suite as iproute2 calls it. */
export function suiteName(value: unknown): string {
  const found = Object.entries(suites).find(([, number]) => number === value)?.[0] ?? (value === standard ? 'gcm-aes-128' : undefined);
  return found?.toUpperCase() ?? '(unknown)';
}

/** Secure channel identifier: 16 hexadecimal digits without 0x. */
export const sci = word('SCI', (given, _context, after) => {
  if (!/^(0x)?[0-9a-f]{1,16}$/i.test(given)) throw usage(`"${given}" is not an identifier for "${after}"`, 'up to 16 hexadecimal digits');
  return BigInt(`0x${given.replace(/^0x/i, '')}`);
});

/** The channel of an Ethernet address and a port. */
export const channelOf = (address: string, port: number): bigint => (BigInt(`0x${address.replaceAll(':', '')}`) << 16n) | BigInt(port);

/** Where an address is given, it and the port make the identifier. */
function finish(data: Draft): void {
  const address = data['address'] as string | undefined;
  if (address !== undefined) {
    const port = data['port'] as number | undefined;
    delete data['address'];
    delete data['port'];
    if (port === undefined || address.length !== 17) throw usage('the identifier needs an Ethernet address and a port', 'address 02:00:00:00:00:01 port 11');
    data['sci'] = channelOf(address, port);
  }
  if (data['window'] !== undefined && !data['replayProtect']) throw usage('a window is for replay protection', 'say "replay on window PACKETS"');
  if (data['replayProtect'] && data['window'] === undefined) throw usage('replay protection needs a window', 'say "replay on window PACKETS"');
  const exclusive = ['incSci', 'es', 'scb'].filter((path) => data[path]);
  if (exclusive.length > 1) throw usage('send_sci, end_station and scb exclude each other');
}

export const macsec: Kind = {
  options: {
    address: to('address', mac),
    port: to('port', integer('PORT', 1, 65535)),
    sci: to('sci', sci),
    cipher: to('cipherSuite', choice({ default: standard, ...suites })),
    icvlen: to('icvLen', integer('BYTES', 8, 16)),
    ...toggles({ encrypt: 'encrypt', send_sci: 'incSci', end_station: 'es', scb: 'scb', protect: 'protect', replay: 'replayProtect' }),
    window: to('window', u32('PACKETS')),
    validate: to('validation', oneOf('disabled', 'check', 'strict')),
    encodingsa: to('encodingSa', integer('ASSOCIATION', 0, 3)),
    offload: to('offload', oneOf('off', 'phy', 'mac')),
  },
  sheet: [
    ['sci', 'sci % ', 'sci', via((value) => (value as bigint).toString(16).padStart(16, '0'))],
    toggle('protect'),
    ['cipher_suite', 'cipher % ', 'cipherSuite', via(suiteName)],
    plain('icv_len', 'icvLen', 'icvlen'),
    plain('encoding_sa', 'encodingSa', 'encodingsa'),
    plain('validation', 'validation', 'validate'),
    plain('offload'),
    toggle('encrypt'),
    toggle('inc_sci', 'incSci', 'send_sci'),
    toggle('es', 'es', 'end_station'),
    toggle('scb'),
    toggle('replay_protect', 'replayProtect', 'replay'),
    ['window', 'window % ', 'window', via((value) => Number(value) | 0)],
  ],
  finish,
};
