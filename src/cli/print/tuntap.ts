/** A TUN or TAP device. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { at } from '../grammar.ts';
import type { Json, Printer } from './printer.ts';

/** IFF_* (include/uapi/linux/if_tun.h) by iproute2's words, in its order. Of `pi` the kernel's bit says that it is not so. */
export const tunBits = { tun: 0x1, tap: 0x2, pi: 0x1000, one_queue: 0x2000, multi_queue: 0x100, vnet_hdr: 0x4000, persist: 0x800 } as const;
export type TunFlag = keyof typeof tunBits;

/** The bits of words, and back: all but one are as the kernel has them. */
export const inverted = (bits: number): number => bits ^ tunBits.pi;

/** What netlink tells. */
const told: readonly (readonly [key: string, flag: TunFlag])[] = [['pi', 'pi'], ['multiQueue', 'multi_queue'], ['vnetHdr', 'vnet_hdr'], ['persist', 'persist']];
const toldBits = told.reduce<number>((all, [, flag]) => all | tunBits[flag], tunBits.tun | tunBits.tap);

function fromSysfs(link: Json): number | undefined {
  const read = (file: string): number => Number(readFileSync(`/sys/class/net/${String(link['ifname'])}/${file}`, 'latin1'));
  try {
    return read('ifindex') === link['index'] ? inverted(read('tun_flags')) : undefined;
  } catch {
    return undefined;
  }
}

/** The flags of a device. Sysfs tells more than netlink, but may be another namespace's: it is believed where it agrees with netlink. */
export function flagsOf(link: Json): number {
  const more = fromSysfs(link);
  const data = at(link, 'linkinfo.data') as Json | undefined;
  if (data === undefined) return more ?? 0;
  const flags = told.reduce<number>((all, [key, flag]) => (data[key] ? all | tunBits[flag] : all), data['type'] === 'tap' ? tunBits.tap : tunBits.tun);
  return more !== undefined && (more & toldBits) === flags ? more : flags;
}

/** iproute2 takes the kernel's bit for two things: a packet's header, and no filter. */
function words(flags: number): string[] {
  const known = Object.entries(tunBits).filter(([, bit]) => flags & bit).map(([word]) => word);
  const rest = Object.values(tunBits).reduce((left, bit) => left & ~bit, flags);
  return [...known, ...(flags & tunBits.pi ? ['filter'] : []), ...(rest ? [`0x${rest.toString(16)}`] : [])];
}

const quiet = <T>(read: () => T, otherwise: T): T => {
  try { return read(); } catch { return otherwise; }
};

interface Attached { readonly name: string; readonly pid: number }

/** A line a descriptor of /dev/net/tun: by name of the device, which other namespaces may have as well. */
function attached(ifname: string): Attached[] {
  const pids = readdirSync('/proc').map(Number).filter((pid) => pid > 0 && pid !== process.pid);
  return pids.flatMap((pid) => quiet(() => readdirSync(`/proc/${pid}/fd`), []).filter((fd) => quiet(() => (
    readlinkSync(`/proc/${pid}/fd/${fd}`) === '/dev/net/tun' && /^iff:\s*(.*)$/m.exec(readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8'))?.[1] === ifname
  ), false)).map(() => ({ name: quiet(() => readFileSync(`/proc/${pid}/comm`, 'utf8').trim(), ''), pid })));
}

export function printTuntap(printer: Printer, link: Json, flags: number): void {
  const ifname = String(link['ifname']), known = words(flags);
  printer.object(null, () => {
    printer.value('ifname', '%:', ifname, { paint: 'ifname' });
    printer.list('flags', known, known.map((word) => ` ${word}`).join(''));
    printer.value('user', ' user %', at(link, 'linkinfo.data.owner'));
    printer.value('group', ' group %', at(link, 'linkinfo.data.group'));
    if (!printer.details) return;
    printer.newline();
    const processes = attached(ifname);
    printer.list('processes', processes, `\tAttached to processes:${processes.map(({ name, pid }) => `${name}(${pid})`).join('')}`);
  });
  printer.text('\n');
}
