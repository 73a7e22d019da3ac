/** Names for the numbers of routing tables, protocols, scopes, realms and groups: iproute2's files over built-in defaults. */
import { readdirSync, readFileSync } from 'node:fs';
import { usage } from './errors.ts';

export type Database = 'rt_tables' | 'rt_protos' | 'rt_scopes' | 'rt_realms' | 'rt_dsfield' | 'group' | 'nl_protos';

const builtIn: Readonly<Record<Database, Readonly<Record<string, number>>>> = {
  rt_tables: { unspec: 0, default: 253, main: 254, local: 255 },
  rt_protos: {
    unspec: 0, redirect: 1, kernel: 2, boot: 3, static: 4, gated: 8, ra: 9, mrt: 10, zebra: 11, bird: 12, dnrouted: 13,
    xorp: 14, ntk: 15, dhcp: 16, keepalived: 18, babel: 42, openr: 99, bgp: 186, isis: 187, ospf: 188, rip: 189, eigrp: 192,
  },
  rt_scopes: { global: 0, nowhere: 255, host: 254, link: 253, site: 200 },
  rt_realms: { cosmos: 0 },
  rt_dsfield: {},
  group: { default: 0 },
  nl_protos: {},
};

/** Folders that iproute2 reads, the administrator's last so that it wins. */
const folders = ['/usr/share/iproute2', '/usr/lib/iproute2', '/etc/iproute2'];

class Table {
  readonly byName = new Map<string, number>();
  readonly byNumber = new Map<number, string>();

  set(name: string, number: number): void {
    this.byName.set(name, number);
    this.byNumber.set(number, name);
  }

  read(path: string): void {
    for (const line of lines(path)) {
      const entry = /^\s*(0x[0-9a-f]+|\d+)\s+([^\s#]+)/i.exec(line);
      if (entry) this.set(entry[2] as string, Number(entry[1]));
    }
  }
}

export class Names {
  readonly #tables = new Map<Database, Table>();
  #hosts: (readonly [address: string, names: readonly string[]])[] | undefined;
  /** `-N`: numbers stay numbers. */
  numeric = false;

  #table(database: Database): Table {
    let table = this.#tables.get(database);
    if (!table) {
      table = new Table();
      this.#tables.set(database, table);
      for (const [name, number] of Object.entries(builtIn[database])) table.set(name, number);
      for (const folder of folders) {
        table.read(`${folder}/${database}`);
        for (const file of listing(`${folder}/${database}.d`)) table.read(`${folder}/${database}.d/${file}`);
      }
    }
    return table;
  }

  name(database: Database, number: number): string {
    if (this.numeric) return String(number);
    return this.#table(database).byNumber.get(number) ?? String(number);
  }

  /** The name of an address in /etc/hosts; nobody is asked over the network. */
  host(address: string): string | undefined {
    return (this.#hosts ??= hosts()).find(([own]) => own === address)?.[1][0];
  }
  /** The addresses of a name there. */
  addresses(name: string): string[] {
    return [...new Set((this.#hosts ??= hosts()).filter(([, names]) => names.includes(name)).map(([address]) => address))];
  }

  known(database: Database): string[] {
    return [...this.#table(database).byName.keys()];
  }

  number(database: Database, word: string): number | undefined {
    const named = this.#table(database).byName.get(word);
    if (named !== undefined) return named;
    const number = /^(0x[0-9a-f]+|\d+)$/i.test(word) ? Number(word) : undefined;
    return number !== undefined && number <= 0xffffffff ? number : undefined;
  }

  /** As `number`, for a word a person typed. */
  require(database: Database, word: string, what: string): number {
    const number = this.number(database, word);
    if (number === undefined) throw usage(`"${word}" is not a ${what}`, `known are ${this.known(database).join(', ')}, or a number`);
    return number;
  }
}

function hosts(): (readonly [address: string, names: readonly string[]])[] {
  return lines('/etc/hosts').flatMap((line) => {
    const [, address, names] = /^\s*([0-9a-f.:]+)\s+([^\s#][^#]*)/i.exec(line) ?? [];
    return address === undefined || names === undefined ? [] : [[address, names.trim().split(/\s+/)] as const];
  });
}

function lines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return [];
  }
}

function listing(folder: string): string[] {
  try {
    return readdirSync(folder).filter((file) => file.endsWith('.conf') && !file.startsWith('.'));
  } catch {
    return [];
  }
}
