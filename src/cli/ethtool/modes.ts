/** Link modes by name: what a link can, offers, and was offered. */

/** Ports, flow control and error correction are bits among the modes; all others are speeds. */
export type ModeClass = 'port' | 'pause' | 'fec' | 'real' | 'autoneg';
const classes: Readonly<Record<string, ModeClass>> = {
  TP: 'port', AUI: 'port', MII: 'port', FIBRE: 'port', BNC: 'port', Backplane: 'port', Pause: 'pause', Asym_Pause: 'pause', None: 'fec', RS: 'fec', BASER: 'fec', LLRS: 'fec', Autoneg: 'autoneg',
};
const classOf = (name: string): ModeClass => classes[name] ?? 'real';
/** Bits of a class, in order. */
export const modesOf = (names: readonly string[], set: ReadonlySet<number>, wanted: ModeClass): [bit: number, name: string][] =>
  [...set].sort((a, b) => a - b).map((bit): [number, string] => [bit, names[bit] ?? `BIT${bit}`]).filter(([, name]) => classOf(name) === wanted);

/** A line a speed, where that of half duplex has that of full duplex behind it; of other classes, all in one line. */
export function modesLine(names: readonly string[], set: ReadonlySet<number>, wanted: ModeClass, label: string): string {
  let text = '', before = -2;
  for (const [bit, name] of modesOf(names, set, wanted)) {
    const other = wanted !== 'real' ? '\t ' : bit === before + 1 && names[before]?.endsWith('/Half') ? ' ' : `\n\t${' '.repeat(label.length)}`;
    text += text === '' ? name : other + name;
    before = bit;
  }
  return `\t${label}${text === '' ? 'Not reported' : text}\n`;
}
