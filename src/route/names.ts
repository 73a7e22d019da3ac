/** Names where the kernel wants numbers: interfaces, and the tables of /etc/iproute2. */
import { readFileSync } from 'node:fs';
import { didYouMean, type Enumeration } from '../codec/index.ts';
import { route, table as tables, type Link } from '../families/route/index.ts';
import { NetlinkError } from '../socket/index.ts';
import type { Devices } from './devices.ts';
import { ask, type Plan } from './plan.ts';

/** An interface: its name (or an altname), or its index. */
export type Device = string | number;

/** A routing table's number as messages have it: eight bits in the header, or an attribute. */
export const inTable = (number: number): { table: number | 'unspec'; tableId?: number } => (number < 256 ? { table: number } : { table: 'unspec', tableId: number });

/** Whether a listed object was given another table since: where its number is an attribute, the kernel tells the same in the header, as far as it fits. */
export function retabled(table: string | number | undefined, tableId: number | undefined): table is string | number {
  if (tableId === undefined || table === undefined || table === 'unspec' || table === 'compat') return false;
  return numberOf('table', table, tables) !== tableId;
}

/** The index of an interface. @throws {NetlinkError} ENODEV when there is none of that name. */
export function* deviceIndex(device: Device): Plan<number> {
  if (typeof device === 'number') return device;
  checkDevice(device);
  const devices = (yield { op: 'devices' }) as Devices;
  return devices.find(device) ?? devices.learn(device, (yield* getLink(device)).index);
}
/** @throws {TypeError} for what a caller without types may have given */
export function checkDevice(device: Device): void {
  if (typeof device !== 'string' && typeof device !== 'number') throw new TypeError(`an interface is a name or an index, not ${kindOf(device)}`);
}
/** @throws {TypeError} as `checkDevice` does; `what` says what the object describes, and how */
export function checkObject(value: object, what: string): void {
  if (typeof value !== 'object' || value === null) throw new TypeError(`${what}, not ${kindOf(value)}`);
}
const kindOf = (value: unknown): string => (value === undefined || value === null ? String(value) : typeof value === 'object' ? 'an object' : `${JSON.stringify(value)}`);

/** One link by name, altname or index, without statistics. @throws {NetlinkError} ENODEV, naming it */
export function* getLink(device: Device): Plan<Link> {
  checkDevice(device);
  const which = typeof device === 'number' ? { index: device } : utf8.encode(device).length < IFNAMSIZ ? { ifname: device } : { altIfname: device };
  try {
    const [reply] = yield* ask({ message: route.messages.getlink, body: { ...which, extMask: ['vf', 'skipStats'] } });
    if (reply) return reply.body as Link;
  } catch (error) {
    if (!(error instanceof NetlinkError) || error.code !== 'ENODEV') throw error;
    throw missing(device, error);
  }
  throw missing(device);
}
const missing = (device: Device, cause?: NetlinkError): NetlinkError => {
  const message = `RTM_GETLINK: ENODEV: no interface ${typeof device === 'number' ? `with index ${device}` : `'${device}'`} in this network namespace`;
  return new NetlinkError({ code: 'ENODEV', errno: -19, syscall: 'RTM_GETLINK', message, ...(cause && { cause, ...(cause.request && { request: cause.request }) }) });
};
const utf8 = new TextEncoder();
/** Interface names hold 15 bytes and a NUL; what is longer can only be an altname. */
const IFNAMSIZ = 16;

/** A list of names that iproute2 keeps in files: read once, when a name is not built in. */
class NameFile {
  readonly #files: readonly string[];
  #names: Map<string, number> | undefined;
  constructor(name: string) { this.#files = [`/usr/share/iproute2/${name}`, `/usr/lib/iproute2/${name}`, `/etc/iproute2/${name}`]; }
  get names(): Map<string, number> {
    if (this.#names) return this.#names;
    this.#names = new Map();
    for (const file of this.#files) {
      let text = '';
      try { text = readFileSync(file, 'utf8'); } catch { continue; }
      for (const line of text.split('\n')) {
        const [number, name] = line.replace(/#.*/, '').trim().split(/\s+/);
        if (number && name && Number.isInteger(Number(number))) this.#names.set(name, Number(number));
      }
    }
    return this.#names;
  }
}
const files = { table: new NameFile('rt_tables'), protocol: new NameFile('rt_protos'), scope: new NameFile('rt_scopes'), realm: new NameFile('rt_realms'), group: new NameFile('group') };

/** The number behind a name: one that the schema knows, one of /etc/iproute2, or a number as text. */
export function numberOf(kind: keyof typeof files, name: string | number, schema?: Enumeration<string>): number {
  if (typeof name === 'number') return name;
  if (schema && Object.hasOwn(schema.names, name)) return schema.names[name] as number;
  const known = files[kind].names.get(name);
  if (known !== undefined) return known;
  if (/^(0x[0-9a-f]+|\d+)$/i.test(name)) return Number(name);
  throw new TypeError(`no ${kind} '${name}'${didYouMean(name, [...Object.keys(schema?.names ?? {}), ...files[kind].names.keys()])}`);
}
