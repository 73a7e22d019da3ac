/**
 * WireGuard: keys, and whole devices, which the kernel tells and takes in several messages where one does not hold them
 * (drivers/net/wireguard/netlink.c).
 */
import { createPrivateKey, createPublicKey, randomBytes } from 'node:crypto';
import { encode } from '../codec/index.ts';
import { WIREGUARD_KEY_LENGTH, WireguardAllowedIp, WireguardDevice, WireguardPeer, wireguard } from '../families/generic/wireguard.ts';
import type { Request } from '../socket/index.ts';
import { open, openSync, type FamilyClient, type FamilyOptions } from './family.ts';

/** A device, by name or by index. */
export type WireguardRef = string | number;

const refOf = (device: WireguardRef): Pick<WireguardDevice, 'ifname' | 'ifindex'> => (typeof device === 'string' ? { ifname: device } : { ifindex: device });

// Keys.

/** A key as people write it: 44 letters of base64. */
export const wireguardKeyText = (key: Uint8Array): string => Buffer.from(key).toString('base64');

/** What base64 says of 32 bytes, in the one spelling that there is. */
const KEY = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;
/** The key that a text is; undefined where it is none. */
export const parseWireguardKey = (text: string): Uint8Array | undefined => (KEY.test(text) ? Uint8Array.from(Buffer.from(text, 'base64')) : undefined);

/** Whether it is a key, or the zeros that stand for none. */
export const isWireguardKey = (key: Uint8Array | undefined): key is Uint8Array => key !== undefined && key.some((byte) => byte !== 0);

/** A secret for both ends. */
export const newPresharedKey = (): Uint8Array => Uint8Array.from(randomBytes(WIREGUARD_KEY_LENGTH));

/** A private key: the bits that X25519 does not use are as it wants them (RFC 7748, section 5). */
export function newPrivateKey(): Uint8Array {
  const key = newPresharedKey();
  key[0]! &= 248;
  key[31] = (key[31]! & 127) | 64;
  return key;
}

/** What goes before a private key of X25519 in DER (RFC 8410). */
const PKCS8 = Buffer.from('302e020100300506032b656e04220420', 'hex');
/** The public key of a private one. */
export function publicKeyOf(privateKey: Uint8Array): Uint8Array {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, privateKey]), format: 'der', type: 'pkcs8' });
  return Uint8Array.from(createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-WIREGUARD_KEY_LENGTH));
}

// Devices.

const sameKey = (a: WireguardPeer | undefined, b: WireguardPeer): boolean => a?.publicKey !== undefined && b.publicKey !== undefined && Buffer.compare(a.publicKey, b.publicKey) === 0;

/** The device that the messages of a dump tell: a peer whose prefixes did not fit is told again, with those that follow. Undefined of no message. */
export function joinDevice(messages: readonly WireguardDevice[]): WireguardDevice | undefined {
  if (messages[0] === undefined) return undefined;
  const peers: WireguardPeer[] = [];
  for (const peer of messages.flatMap((message) => message.peers ?? [])) {
    const last = peers.at(-1);
    if (sameKey(last, peer)) last!.allowedips = [...(last!.allowedips ?? []), ...(peer.allowedips ?? [])];
    else peers.push({ ...peer });
  }
  return { ...messages[0], peers };
}

/** What a message may take, header and all: wg's, which every kernel reads. */
const MOST = 4096;
/** struct nlmsghdr and struct genlmsghdr. */
const HEADERS = 20;
/** struct nlattr. */
const ATTRIBUTE = 4;

const sizeOf = {
  device: (device: WireguardDevice): number => HEADERS + encode(WireguardDevice, device).length,
  peer: (peer: WireguardPeer): number => ATTRIBUTE + encode(WireguardPeer, peer).length,
  prefix: (prefix: WireguardAllowedIp): number => ATTRIBUTE + encode(WireguardAllowedIp, prefix).length,
};

/** The attributes in the order in which wg sends them, those that are there. */
function ordered<T extends object>(value: T, keys: readonly (keyof T)[]): T {
  return { ...Object.fromEntries(keys.filter((key) => value[key] !== undefined).map((key) => [key, value[key]])), ...value };
}
const DEVICE = ['ifindex', 'ifname', 'privateKey', 'listenPort', 'fwmark', 'flags'] as const;
const PEER = ['publicKey', 'presharedKey', 'endpoint', 'persistentKeepaliveInterval', 'flags'] as const;
const PREFIX = ['family', 'ipaddr', 'cidrMask', 'flags'] as const;

/**
 * A change of a device as the messages that say it: one, or as many as it takes. What is said once (the device's own settings; of a peer, its own,
 * and that its prefixes are replaced) is in the first that is about it.
 */
export function* splitDevice(change: WireguardDevice): Generator<WireguardDevice> {
  const { peers: all, ...own } = change, { ifname, ifindex } = own, again = { ...(ifindex !== undefined && { ifindex }), ...(ifname !== undefined && { ifname }) };
  let device: WireguardDevice = ordered(own, DEVICE), peers: WireguardPeer[] = [], size = sizeOf.device(device) + ATTRIBUTE;
  const taken = (): WireguardDevice => ({ ...device, ...(all && all.length > 0 && { peers }) });
  const next = (): void => { device = again; peers = []; size = sizeOf.device(again) + ATTRIBUTE; };
  for (const { allowedips, ...peer } of all ?? []) {
    const prefixes = allowedips ?? [], { publicKey, flags } = peer;
    let part: WireguardPeer = ordered(peer, PEER), from = 0;
    for (;;) {
      let whole = size + sizeOf.peer(part);
      // What does not fit into an empty message is sent as it is: the kernel says what it thinks of it.
      if (whole > MOST && peers.length > 0) {
        yield taken();
        next();
        continue;
      }
      const holds: WireguardAllowedIp[] = [];
      if (prefixes.length > 0) whole += ATTRIBUTE;
      for (let fits = true; fits && from < prefixes.length;) {
        const prefix = ordered(prefixes[from]!, PREFIX), more = sizeOf.prefix(prefix);
        fits = whole + more <= MOST || (peers.length === 0 && holds.length === 0);
        if (!fits) break;
        holds.push(prefix);
        whole += more;
        from++;
      }
      peers.push({ ...part, ...(allowedips && holds.length > 0 && { allowedips: holds }) });
      size = whole;
      if (from === prefixes.length) break;
      yield taken();
      next();
      const kept = (flags ?? []).filter((flag) => flag !== 'replaceAllowedips');
      part = { ...(publicKey && { publicKey }), ...(kept.length > 0 && { flags: kept }) };
    }
  }
  yield taken();
}

/** WireGuard's settings in one network namespace. */
export class Wireguard implements Disposable {
  readonly client: FamilyClient<typeof wireguard>;
  /** @param client its only user from now on */
  constructor(client: FamilyClient<typeof wireguard>) {
    this.client = client;
  }

  /**
   * A device with all its peers, in one object.
   * @throws {NetlinkError} ENODEV where there is no such link, EOPNOTSUPP where it is of another kind, EPERM
   */
  async get(device: WireguardRef): Promise<WireguardDevice> {
    const messages: WireguardDevice[] = [];
    for await (const message of this.client.dump(this.#question(device))) messages.push(message as WireguardDevice);
    return joinDevice(messages) ?? refOf(device);
  }

  /** The same on the spot. */
  getSync(device: WireguardRef): WireguardDevice {
    return joinDevice(this.client.dumpSync(this.#question(device)) as WireguardDevice[]) ?? refOf(device);
  }

  /**
   * Changes a device: what is left out stays. A change that takes several messages is not made at once: what a refused message says, and those after it, is
   * left undone.
   * @throws {NetlinkError} as `get`, and what the kernel says of the change
   */
  async set(change: WireguardDevice): Promise<void> {
    for (const body of splitDevice(change)) await this.client.request({ message: this.client.protocol.messages.setDevice, body });
  }

  /** The same on the spot. */
  setSync(change: WireguardDevice): void {
    for (const body of splitDevice(change)) this.client.requestSync({ message: this.client.protocol.messages.setDevice, body });
  }

  #question(device: WireguardRef): Request {
    return { message: this.client.protocol.messages.getDevice, body: refOf(device) };
  }

  close(): void {
    this.client.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** Opens WireGuard's settings. The kernel loads its module. @throws {NetlinkError} ENOENT where the kernel has no WireGuard */
export const openWireguard = async (options: FamilyOptions = {}): Promise<Wireguard> => new Wireguard(await open(wireguard, options));
/** The same on the spot. */
export const openWireguardSync = (options: FamilyOptions = {}): Wireguard => new Wireguard(openSync(wireguard, options));
