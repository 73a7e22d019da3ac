/** Devices of WireGuard as wg prints them: for people, as fields between tabs, as a configuration file; as JSON, in the shape of wg-json. */
import type { WireguardAllowedIp, WireguardDevice, WireguardPeer } from '../../families/generic/wireguard.ts';
import { isWireguardKey, wireguardKeyText } from '../../generic/index.ts';
import type { Context } from '../context.ts';
import type { Json } from './printer.ts';

const keyOr = (none: string, key: Uint8Array | undefined): string => (key === undefined ? none : wireguardKeyText(key));
const NONE = '(none)', HIDDEN = '(hidden)', OFF = 'off';
/** Zeros are how the kernel says that there is none. */
const shared = ({ presharedKey }: WireguardPeer): Uint8Array | undefined => (isWireguardKey(presharedKey) ? presharedKey : undefined);
const mark = ({ fwmark }: WireguardDevice): string => (fwmark ? `0x${fwmark.toString(16)}` : OFF);
const prefixes = ({ allowedips = [] }: WireguardPeer): string[] => allowedips.map(({ ipaddr, cidrMask }: WireguardAllowedIp) => `${ipaddr}/${cidrMask}`);
const handshake = ({ lastHandshakeTime }: WireguardPeer): bigint => lastHandshakeTime?.sec ?? 0n;

/** `[fe80::1%eth0]:51820`; undefined where none is known. */
export function endpointText({ links }: Pick<Context, 'links'>, { endpoint }: WireguardPeer): string | undefined {
  if (endpoint === undefined || endpoint instanceof Uint8Array) return undefined;
  if (!('scopeId' in endpoint)) return `${endpoint.addr}:${endpoint.port}`;
  const { scopeId } = endpoint, name = scopeId === 0 ? '' : /^fe[89ab]/.test(endpoint.addr) ? `%${links.name(scopeId)}` : `%${scopeId}`;
  return `[${endpoint.addr}${name}]:${endpoint.port}`;
}

// Fields.

/** What one word of `show` asks for of the device. */
const deviceFields: Readonly<Record<string, (device: WireguardDevice) => string>> = {
  'private-key': ({ privateKey }) => keyOr(NONE, privateKey),
  'public-key': ({ publicKey }) => keyOr(NONE, publicKey),
  'listen-port': ({ listenPort = 0 }) => String(listenPort),
  fwmark: mark,
};
/** What one asks for of each peer, behind its key. `between`: prefixes. */
const peerFields: Readonly<Record<string, (peer: WireguardPeer, context: Context, between: string) => readonly string[]>> = {
  peers: () => [],
  'preshared-keys': (peer) => [keyOr(NONE, shared(peer))],
  endpoints: (peer, context) => [endpointText(context, peer) ?? NONE],
  'allowed-ips': (peer, _context, between) => [prefixes(peer).join(between) || NONE],
  'latest-handshakes': (peer) => [String(handshake(peer))],
  transfer: ({ rxBytes = 0n, txBytes = 0n }) => [String(rxBytes), String(txBytes)],
  'persistent-keepalive': ({ persistentKeepaliveInterval }) => [String(persistentKeepaliveInterval || OFF)],
};
export const fieldWords: readonly string[] = ['public-key', 'private-key', 'listen-port', 'fwmark', ...Object.keys(peerFields), 'dump'];

/** A field's lines, or those of all; `named`: each begins with the device's name. */
export function fieldLines(context: Context, device: WireguardDevice, word: string, named: boolean): string {
  const line = (parts: readonly string[]): string => `${[...(named ? [device.ifname ?? ''] : []), ...parts].join('\t')}\n`, { peers = [] } = device;
  if (word === 'dump') {
    const parts = Object.values(peerFields);
    return line(Object.values(deviceFields).map((one) => one(device))) + peers.map((peer) => line([keyOr('', peer.publicKey), ...parts.flatMap((one) => one(peer, context, ','))])).join('');
  }
  const own = deviceFields[word], each = peerFields[word];
  return own ? line([own(device)]) : peers.map((peer) => line([keyOr('', peer.publicKey), ...(each?.(peer, context, ' ') ?? [])])).join('');
}

// For people.

const codes = { bold: 1, red: 31, green: 32, yellow: 33, cyan: 36 } as const;
const RESET = '\x1b[0m';
type Painter = (text: string, ...paints: readonly (keyof typeof codes)[]) => string;
const painter = (color: boolean): Painter => (text, ...paints) => (color ? `${paints.map((one) => `\x1b[${codes[one]}m`).join('')}${text}${RESET}` : text);

const UNITS = [['year', 31_536_000], ['day', 86_400], ['hour', 3600], ['minute', 60], ['second', 1]] as const;
/** `1 minute, 3 seconds` */
export function duration(seconds: number, paint: Painter = painter(false)): string {
  const parts: string[] = [];
  let left = seconds;
  for (const [unit, size] of UNITS) {
    const count = Math.floor(left / size);
    left %= size;
    if (count > 0) parts.push(`${count} ${paint(`${unit}${count === 1 ? '' : 's'}`, 'cyan')}`);
  }
  return parts.join(', ');
}

function ago(then: bigint, now: number, paint: Painter): string {
  const seconds = now - Number(then);
  if (seconds === 0) return 'Now';
  return seconds < 0 ? `(${paint('System clock wound backward; connection problems may ensue.', 'red')})` : `${duration(seconds, paint)} ago`;
}

const SIZES = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;
function bytes(count: bigint, paint: Painter): string {
  let unit = 0, size = Number(count);
  for (; size >= 1024 && unit < SIZES.length - 1; unit++) size /= 1024;
  return `${unit === 0 ? size : size.toFixed(2)} ${paint(SIZES[unit] as string, 'cyan')}`;
}

/** The latest first, those that never were last. */
const byHandshake = (a: WireguardPeer, b: WireguardPeer): number => {
  const at = ({ lastHandshakeTime: { sec, nsec } = { sec: 0n, nsec: 0n } }: WireguardPeer): bigint => sec * 1_000_000_000n + nsec;
  return Number(at(b) - at(a));
};

/** @param now seconds since 1970 */
export function pretty(context: Context, device: WireguardDevice, color: boolean, now: number): string {
  const paint = painter(color), hidden = secret(), row = (name: string, text: string): string => `  ${paint(name, 'bold')}: ${text}\n`;
  const { ifname = '', publicKey, privateKey, listenPort, fwmark, peers = [] } = device;
  const own = `${color ? RESET : ''}${paint('interface', 'green', 'bold')}: ${paint(ifname, 'green')}\n${
    publicKey ? row('public key', keyOr('', publicKey)) : ''}${privateKey ? row('private key', hidden(privateKey)) : ''}${
    listenPort ? row('listening port', String(listenPort)) : ''}${fwmark ? row('fwmark', mark(device)) : ''}`;
  const told = [...peers].sort(byHandshake).map((peer) => {
    const { presharedKey, rxBytes = 0n, txBytes = 0n, persistentKeepaliveInterval: every } = peer, endpoint = endpointText(context, peer), then = handshake(peer);
    const ips = prefixes(peer).map((one) => one.replace('/', paint('/', 'cyan'))).join(', ') || NONE;
    return `${paint('peer', 'yellow', 'bold')}: ${paint(keyOr('', peer.publicKey), 'yellow')}\n${
      isWireguardKey(presharedKey) ? row('preshared key', hidden(presharedKey)) : ''}${endpoint === undefined ? '' : row('endpoint', endpoint)}${row('allowed ips', ips)}${
      then === 0n ? '' : row('latest handshake', ago(then, now, paint))}${rxBytes || txBytes ? row('transfer', `${bytes(rxBytes, paint)} received, ${bytes(txBytes, paint)} sent`) : ''}${
      every ? row('persistent keepalive', `every ${duration(every, paint)}`) : ''}`;
  });
  return [own, ...told].join('\n');
}

/** How a secret is shown to people: WG_HIDE_KEYS says whether it is. */
export const secret = (): ((key: Uint8Array) => string) => (process.env['WG_HIDE_KEYS'] === 'never' ? wireguardKeyText : () => HIDDEN);

/** WG_COLOR_MODE, which says it all but for `auto`. */
export const colored = ({ options }: Context): boolean => ({ always: true, never: false })[process.env['WG_COLOR_MODE'] ?? ''] ?? options.color;

// As a file.

export function configText(context: Context, device: WireguardDevice): string {
  const { listenPort, fwmark, privateKey, peers = [] } = device;
  const lines = (rows: readonly (readonly [string, string | number | false | undefined])[]): string => rows.filter(([, value]) => value).map(([name, value]) => `${name} = ${value}\n`).join('');
  return `[Interface]\n${lines([['ListenPort', listenPort], ['FwMark', fwmark ? mark(device) : undefined], ['PrivateKey', keyOr('', privateKey)]])}\n${peers.map((peer) => `[Peer]\n${lines([
    ['PublicKey', keyOr('', peer.publicKey)], ['PresharedKey', keyOr('', shared(peer))], ['AllowedIPs', prefixes(peer).join(', ')],
    ['Endpoint', endpointText(context, peer)], ['PersistentKeepalive', peer.persistentKeepaliveInterval],
  ])}`).join('\n')}`;
}

// As JSON.

/** Keys of JSON by the words of `show`. */
const deviceKeys: Readonly<Record<string, (device: WireguardDevice, key: (secret: Uint8Array) => string) => Json>> = {
  'private-key': ({ privateKey }, key) => ({ privateKey: privateKey && key(privateKey) }),
  'public-key': ({ publicKey }) => ({ publicKey: publicKey && wireguardKeyText(publicKey) }),
  'listen-port': ({ listenPort }) => ({ listenPort: listenPort || undefined }),
  fwmark: ({ fwmark }) => ({ fwmark: fwmark || undefined }),
};
const peerKeys: Readonly<Record<string, (peer: WireguardPeer, context: Context, key: (secret: Uint8Array) => string) => Json>> = {
  peers: () => ({}),
  'preshared-keys': (peer, _context, key) => ({ presharedKey: shared(peer) && key(shared(peer) as Uint8Array) }),
  endpoints: (peer, context) => ({ endpoint: endpointText(context, peer) }),
  'latest-handshakes': (peer) => ({ latestHandshake: handshake(peer) || undefined }),
  transfer: ({ rxBytes, txBytes }) => ({ transferRx: rxBytes || undefined, transferTx: txBytes || undefined }),
  'persistent-keepalive': ({ persistentKeepaliveInterval }) => ({ persistentKeepalive: persistentKeepaliveInterval || undefined }),
  'allowed-ips': (peer) => ({ allowedIps: prefixes(peer) }),
};

/** What is not there is left out. Without a word, everything, and secrets as people are shown them. */
export function json(context: Context, device: WireguardDevice, word?: string): Json {
  const whole = word === undefined || word === 'dump', key = word === undefined ? secret() : wireguardKeyText;
  const own = Object.entries(deviceKeys).filter(([one]) => whole || one === word).map(([, make]) => make(device, key));
  const each = Object.entries(peerKeys).filter(([one]) => whole || one === word);
  const peers = each.length > 0 && { peers: Object.fromEntries((device.peers ?? []).map((peer) => [keyOr('', peer.publicKey), Object.assign({}, ...each.map(([, make]) => make(peer, context, key)))])) };
  return Object.assign({}, ...own, peers) as Json;
}
