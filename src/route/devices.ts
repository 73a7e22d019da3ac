/** Indices that names had on a connection. */
import type { Client } from '../socket/index.ts';

/** More names than this at once are rare; all are forgotten then. */
const MOST = 256;

/** None is believed: the kernel says each time whether the index still has the name, in a tenth of the time that asking for the link takes. */
export class Devices {
  readonly #client: Client;
  readonly #indices = new Map<string, number>();
  constructor(client: Client) { this.#client = client; }
  /** The index that a name has; undefined: RTM_GETLINK must be asked. */
  find(name: string): number | undefined {
    const index = this.#indices.get(name);
    return index !== undefined && this.#client.isNamed(index, name) ? index : undefined;
  }
  learn(name: string, index: number): number {
    if (this.#indices.size >= MOST) this.#indices.clear();
    this.#indices.set(name, index);
    return index;
  }
}

const all = new WeakMap<Client, Devices>();
export function devicesOf(client: Client): Devices {
  let devices = all.get(client);
  if (!devices) all.set(client, devices = new Devices(client));
  return devices;
}
