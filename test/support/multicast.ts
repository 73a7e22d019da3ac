/** A multicast routing daemon, as far as the kernel sees one: a socket that owns a table. Source: include/uapi/linux/mroute.h, mroute6.h. */
import { parseIpv4, parseIpv6 } from '../../src/codec/index.ts';
import { enter, type NamespaceRef } from '../../src/namespace/index.ts';
import { libc } from '../../src/socket/libc.ts';
import { memory } from '../../src/socket/signatures.ts';

const families = {
  inet: { af: 2, protocol: 2, level: 0 },
  inet6: { af: 10, protocol: 58, level: 41 },
} as const;
const SOCK_RAW = 3, INIT = 200, ADD_INTERFACE = 202, ADD_ROUTE = 204, TABLE = 209, VIFF_USE_IFINDEX = 8, MOST = 32;

export class MulticastRouter {
  readonly #family: keyof typeof families;
  readonly #fd: number;

  /** @param table Another one than the daemon of the machine has. */
  constructor(namespace: NamespaceRef, family: keyof typeof families, table?: number) {
    const c = libc(), { af, protocol } = families[family];
    this.#family = family;
    this.#fd = enter(namespace, () => c.socket(af, SOCK_RAW, protocol));
    if (this.#fd < 0) throw new Error(`socket: errno ${c.errno()}`);
    if (table !== undefined) this.#set(TABLE, Uint32Array.of(table));
    this.#set(INIT, Uint32Array.of(1));
  }

  #set(option: number, value: Uint8Array | Uint32Array): void {
    const c = libc(), bytes = memory(value.byteLength);
    bytes.set(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    if (c.setsockopt(this.#fd, families[this.#family].level, option, c.pointer(bytes), bytes.length) < 0) throw new Error(`setsockopt ${option}: errno ${c.errno()}`);
  }

  /** Interfaces, numbered from 0. */
  interfaces(...indexes: number[]): void {
    indexes.forEach((index, number) => {
      const view = new DataView(new ArrayBuffer(this.#family === 'inet' ? 16 : 12));
      view.setUint16(0, number, true);
      view.setUint8(3, 1);
      if (this.#family === 'inet') {
        view.setUint8(2, VIFF_USE_IFINDEX);
        view.setUint32(8, index, true);
      } else view.setUint16(4, index, true);
      this.#set(ADD_INTERFACE, new Uint8Array(view.buffer));
    });
  }

  /** @param hops TTL that a packet needs to leave by each interface; 0: it does not. IPv6 has no such numbers, only yes and no. */
  route(source: string, group: string, from: number, hops: readonly number[]): void {
    const bytes = new Uint8Array(this.#family === 'inet' ? 60 : 92), view = new DataView(bytes.buffer);
    if (this.#family === 'inet') {
      parseIpv4(source, bytes, 0);
      parseIpv4(group, bytes, 4);
      view.setUint16(8, from, true);
      bytes.set(hops.slice(0, MOST), 10);
    } else {
      [source, group].forEach((address, i) => {
        view.setUint16(i * 28, families.inet6.af, true);
        parseIpv6(address, bytes, i * 28 + 8);
      });
      view.setUint16(56, from, true);
      view.setUint32(60, hops.reduce((set, hop, i) => (hop ? set | (1 << i) : set), 0), true);
    }
    this.#set(ADD_ROUTE, bytes);
  }

  close(): void {
    libc().close(this.#fd);
  }
}
