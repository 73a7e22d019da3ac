/** Where qdiscs and classes are, in words; the kinds among them. */
import { places } from '../../route/handles.ts';
import { usage } from '../errors.ts';
import { act, parse, to, type Draft, type Grammar, type Row } from '../grammar.ts';
import { device, word } from '../values.ts';
import { didYouMean } from '../words.ts';
import { classid } from './filter-values.ts';
import type { TcKind } from './kind.ts';

export { classid };
/** Packets that come in: one place, one handle. */
export const INGRESS_HANDLE = 0xffff0000;

/** `1:`: the upper half; `none`. */
export const qdiscHandle = word('MAJOR:', (given, _context, after) => {
  if (given === 'none') return 0;
  if (!/^[0-9a-f]{1,4}:?$/i.test(given)) throw usage(`"${given}" is not a qdisc's handle for "${after}"`, 'MAJOR: in hexadecimal, at most ffff: 1:');
  return Number.parseInt(given, 16) * 0x10000;
});

/** A place that only one word may say. */
export const place = (number: number | undefined, what: string): Row => act((draft, value) => {
  if (draft['parent'] !== undefined) throw usage('there is one place for it', `"${what}", or another`);
  draft['parent'] = number ?? value;
}, number === undefined ? classid : undefined, { help: { root: 'the first to see what goes out', ingress: 'where packets come in', clsact: 'where filters live', parent: 'class above' }[what] ?? '' });

export const devRow: Row = to('ifindex', device);
export const rootRow = place(places.root, 'root'), parentRow = place(undefined, 'parent');

/** A row for each kind, after which come its own words; and one for kinds that nobody knows. */
export function kindRows(kinds: Readonly<Record<string, TcKind>>, names: readonly string[], read: (draft: Draft, name: string) => void = () => {}): Grammar {
  const known = [...new Set([...Object.keys(kinds), ...names])];
  const row = (name: string): Row => ({
    last: true, follows: kinds[name]?.options ?? {},
    apply(draft, _value, context, words) {
      read(draft, name);
      draft['kind'] = name;
      const kind = kinds[name];
      if (!kind && !words.done) throw usage(`options of ${name} have no words here`, `"${words.peek()}" is not understood`);
      draft['said'] = parse(kind?.options ?? {}, words, {}, context);
    },
  });
  return {
    ...Object.fromEntries(known.map((name) => [name, row(name)])),
    '': act((draft, value, _context, words) => {
      if (!words.done) throw usage(`"${String(value)}" is neither an option nor a kind`, didYouMean(String(value), known));
      draft['kind'] = value;
    }, word('KIND', (given) => given), { last: true }),
  };
}
