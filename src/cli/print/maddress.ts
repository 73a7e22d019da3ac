/** The multicast addresses of a link, told in three files under /proc/net (net/core/net-procfs.c, net/ipv4/igmp.c, net/ipv6/mcast.c). */
import { addressPaint } from './formats.ts';
import type { Printer } from './printer.ts';

export interface Maddress {
  readonly index: number;
  readonly ifname: string;
  readonly family: 'link' | 'inet' | 'inet6';
  readonly address: string;
  readonly users: number;
  /** Someone asked for it by hand. */
  readonly static?: boolean;
}

/** The addresses of one link. */
export function printMaddresses(printer: Printer, list: readonly Maddress[]): void {
  const [first] = list;
  if (!first) return;
  const head = (): void => {
    printer.value('ifindex', '%:', first.index);
    printer.value('ifname', '%', first.ifname, { paint: 'ifname', text: (name) => `\t${String(name)}` });
  };
  const { oneline } = printer.context.options;
  printer.object(null, () => {
    if (!oneline || printer.json) {
      head();
      printer.text('\n');
    }
    printer.array('maddr', () => {
      for (const entry of list) {
        if (oneline && !printer.json) {
          head();
          printer.newline();
        }
        printer.object(null, () => one(printer, entry));
        printer.text('\n');
      }
    });
  });
}

function one(printer: Printer, { family, address, users, static: fixed }: Maddress): void {
  if (family === 'link') printer.value('link', '\tlink  %', address, { paint: 'mac' });
  else {
    printer.value('family', '\t%5 ', family);
    printer.value('address', '%', address, { paint: addressPaint });
  }
  if (users !== 1) printer.value('users', ' users %', users);
  if (fixed) printer.value('features', ' %', 'static');
}
