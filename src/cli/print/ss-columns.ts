/** The columns of ss: as wide as their widest field; on a terminal the room that is left is shared out, and lines are broken where there is none. */
import type { Output } from '../output.ts';

interface Column { readonly right: boolean; readonly title: string; readonly before: string; hidden: boolean; widest: number }
const column = (title: string, before: string, right = false): Column => ({ right, title, before, hidden: false, widest: 0 });

const bytes = new TextEncoder();
/** What is not ASCII takes as many columns as bytes, as C counts them. */
const lengthOf = (text: string): number => (/^[\0-\x7f]*$/.test(text) ? text.length : bytes.encode(text).length);

/** The fields of a socket: whose they are, state, both queues, both ends with ports, who has it open; and what follows them. */
export type Fields = readonly [netid: string, state: string, received: string, sent: string, local: string, localPort: string, peer: string, peerPort: string, process: string, more: string];
/** The columns that a line may leave out. */
export interface Hidden { readonly netid: boolean; readonly state: boolean; readonly queues: boolean; readonly process: boolean }

export class Columns {
  readonly #out: Output;
  readonly #columns: readonly Column[] = [
    column('Netid', ''), column('State', ' '), column('Recv-Q', ' '), column('Send-Q', ' '), column('Local Address:', ' ', true), column('Port', ''), column('Peer Address:', ' ', true), column('Port', ''), column('Process', ''), column('', ''),
  ];
  #lines: (readonly string[])[] = [];

  constructor(out: Output, { netid, state, queues, process }: Hidden) {
    this.#out = out;
    for (const [at, hidden] of [netid, state, queues, queues, false, false, false, false, process].entries()) (this.#columns[at] as Column).hidden = hidden;
  }

  titles(): void {
    this.add(this.#columns.map(({ title }) => title) as unknown as Fields);
  }

  add(fields: Fields): void {
    this.#measure(false);
    this.#lines.push(fields);
  }

  /** The last line is measured when another follows; what comes behind its columns, never: it is padded by nothing. */
  #measure(last: boolean): void {
    const line = this.#lines.at(-1);
    if (line) for (const [at, one] of this.#columns.entries()) if (!(last && at === this.#columns.length - 1)) one.widest = Math.max(one.widest, lengthOf(line[at] as string));
  }

  /** The width of each column, its delimiter included. */
  #widths(): number[] {
    let first = true;
    const screen = this.#out.terminal ? process.stdout.columns : undefined;
    const widths = this.#columns.map(({ hidden, widest, before }) => {
      if (hidden || widest === 0) return 0;
      const width = Math.min(first ? widest : widest + before.length, screen ?? Infinity);
      first = false;
      return width;
    });
    if (screen !== undefined) share(widths, screen);
    return widths;
  }

  /** Prints what there is. */
  render(): void {
    if (this.#lines.length === 0) return;
    this.#measure(true);
    const widths = this.#widths();
    for (const line of this.#lines) {
      let text = '', started = false;
      for (const [at, { hidden, right, before }] of this.#columns.entries()) {
        if (hidden) continue;
        const field = line[at] as string, delimiter = started ? before : '', room = ' '.repeat(Math.max(0, (widths[at] as number) - lengthOf(field) - delimiter.length));
        text += right ? delimiter + room + field : delimiter + field + room;
        started = true;
      }
      this.#out.write(`${text}\n`);
    }
    this.#lines = [];
  }
}

/** Gives each line of the screen's columns the room that they leave. */
function share(widths: number[], screen: number): void {
  let begin = 0, length = 0;
  for (let at = 0; at < widths.length; at++) {
    if (widths[at] === 0) continue;
    length += widths[at] as number;
    const last = widths.slice(at + 1).every((width) => width === 0);
    if (!last && length < screen) continue;
    if (length !== screen) {
      if (length > screen && at > begin) length -= widths[at--] as number;
      const line = widths.slice(begin, at + 1).filter((width) => width > 0).length, spacing = Math.floor((screen - length) / line);
      let rest = (screen - length) % line;
      for (let one = at; one >= begin; one--) if (widths[one] as number > 0) widths[one] = (widths[one] as number) + spacing + (rest-- > 0 ? 1 : 0);
    }
    begin = at + 1;
    length = 0;
  }
}
