/**
 * What the kernel says of a namespace, as one text, without starting a process: where it says the same of two namespaces
 * there is nothing left to ask a tool about.
 */
import { route } from '../../src/families/route/index.ts';
import { Client, NetlinkError } from '../../src/socket/index.ts';

/** Addresses that are random, and what is made from them. */
const random = /([0-9a-f]{2}:){5}[0-9a-f]{2}|fe80::[0-9a-f:]+|ff02::1:ff[0-9a-f:]+|[0-9a-f]{4}\.([0-9a-f]{1,2}:){5}[0-9a-f]{1,2}/g;
/** Addresses that were asked for begin with 02:00:00:00:00, and stay. */
export const withoutRandom = (text: string): string => text.replace(random, (address) => (/^(02:00:00:00:00|01:80:c2|33:33|01:00:5e|00:00:00|ff:ff)/.test(address) ? address : '*'));

const questions = [
  ['getlink', { family: 'unspec', extMask: ['vf', 'skipStats'] }], ['getlink', { family: 'bridge', extMask: ['brvlanCompressed', 'mst'] }], ['getaddr', { family: 'unspec' }],
  ['getroute', { family: 'inet' }], ['getroute', { family: 'inet6' }], ['getrule', { family: 'inet' }], ['getrule', { family: 'inet6' }],
  ['getneigh', { family: 'unspec' }], ['getneigh', { family: 'unspec', flags: ['proxy'] }], ['getneigh', { family: 'bridge' }],
  ['getmdb', { family: 'bridge' }], ['getvlan', { family: 'bridge' }], ['gettunnel', { family: 'bridge' }], ['getnexthop', { family: 'unspec' }], ['getnexthopbucket', { family: 'unspec' }],
] as const;

/** What comes and goes by itself: clocks, counters, carriers. */
const passing = /Timer$|^(stats|stats64|icmp6stats|cacheinfo|operstate|carrier.*|permAddress|fdbNLearned|mcastNGroups|idleTime)$/;
const passingFlags = new Set<unknown>(['running', 'lowerUp', 'tentative', 'rsSent', 'ready']);

function plain(key: string, value: unknown): unknown {
  if (passing.test(key)) return undefined;
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) return Array.from(value);
  return Array.isArray(value) ? value.filter((item) => !passingFlags.has(item) && !isLearned(item)) : value;
}

/** A group that somebody joined. */
function isLearned(item: unknown): boolean {
  const info = (item as { info?: { state?: unknown }[] } | null)?.info;
  return Array.isArray(info) && info.every(({ state }) => state === 'temporary');
}

/** Objects that the kernel makes on its own time: multicast memberships, link-local addresses, what a bridge learns. */
function fleeting(object: Record<string, unknown>): boolean {
  const { dst, local, address, lladdr, family } = object;
  if (family === 'bridge') return lladdr !== undefined && !String(lladdr).startsWith('02:00:00:00:00');
  return [dst, local, address].some((text) => /^(fe80|ff0[02]::|224\.)/i.test(String(text)));
}

export class KernelState {
  readonly #client: Client;
  constructor(namespace: string) {
    this.#client = Client.open({ protocol: route, namespace });
  }

  /** One line an object, in an order of its own. */
  read(): string {
    return questions.map(([name, body]) => {
      try {
        const found = this.#client.dumpSync({ message: route.messages[name], body }) as Record<string, unknown>[];
        return [name, ...found.filter((object) => !fleeting(object)).map((object) => withoutRandom(JSON.stringify(object, plain))).sort()].join('\n');
      } catch (error) {
        if (!(error instanceof NetlinkError)) throw error;
        return `${name} ${error.code}`;
      }
    }).join('\n');
  }

  close(): void {
    this.#client.close();
  }
}
