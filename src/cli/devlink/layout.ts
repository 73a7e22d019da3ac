/** devlink's prints: objects under the names of what they are about; in text, lines that are indented by what they belong to. */
import type { Context } from '../context.ts';
import { toJson } from '../print/json.ts';
import type { Json } from '../print/printer.ts';

const STEP = 2, DEEPEST = 32;
/** All bits set: no limit. */
const UNLIMITED = 0xffffffffffffffffn;

export class Layout {
  readonly context: Context;
  readonly json: boolean;
  /** Whether counters are told. */
  statistics: boolean;
  #text = '';
  #level = 0;
  /** A line has begun, and has nothing on it yet. */
  #fresh = false;
  /** Line ends in a row. */
  #ends = 0;
  readonly #root: Json = {};
  #open: (Json | unknown[])[] = [this.#root];
  /** Whose list is being printed. */
  #listed = '';

  constructor(context: Context) {
    this.context = context;
    this.json = context.options.json;
    this.statistics = context.options.statistics > 0;
  }
  get verbose(): boolean {
    return this.context.options.details > 0;
  }

  // Text.

  /** Where the line is. */
  raw(text: string): void {
    if (!this.json) this.#text += text;
  }
  /** At the line's place, where it is new. */
  put(text: string): void {
    if (this.#fresh) this.raw(' '.repeat(this.#level));
    this.#fresh = false;
    this.raw(text);
    this.#ends = 0;
  }
  /** Between words; none where the line is new. */
  #gap(): void {
    if (!this.#fresh) this.put(' ');
  }
  /** Before a word. */
  #word(): void {
    this.#gap();
    this.put('');
  }
  newline(): void {
    if (this.#ends < 1) {
      this.put('\n');
      this.#fresh = true;
    }
    this.#ends++;
  }
  /** The line before has ended: no empty one. */
  ended(): void {
    this.#ends = 1;
  }
  deeper(steps = 1): void {
    for (; steps > 0; steps--) if (this.#level + STEP <= DEEPEST) this.#level += STEP;
  }
  back(steps = 1): void {
    for (; steps > 0; steps--) if (this.#level >= STEP) this.#level -= STEP;
  }

  // Values: JSON under the key, text in words.

  #store(key: string | null, value: unknown): void {
    const open = this.#open.at(-1);
    if (Array.isArray(open)) open.push(value);
    else if (open && key !== null) open[key] = value;
  }
  /** A name and its value, or a value alone. */
  word(key: string | null, value: unknown): void {
    if (value === undefined) return;
    if (this.json) return this.#store(key, value);
    this.#word();
    this.raw(key === null ? String(value) : `${key} ${String(value)}`);
  }
  /** One more on the same line. @param label where text calls it otherwise @param shown where text writes it otherwise */
  more(key: string, value: unknown, label = key, shown: unknown = value): void {
    if (value === undefined) return;
    if (this.json) this.#store(key, value);
    else this.raw(` ${label} ${String(shown)}`);
  }
  /** A count, or none. */
  count(key: string, value: number | bigint | undefined): void {
    if (value === undefined) return;
    if (value !== UNLIMITED) return this.json ? this.#store(key, value) : (this.#gap(), this.put(`${key} ${value}`));
    this.#gap();
    if (this.json) this.#store(key, 'unlimited');
    else this.raw(`${key} unlimited`);
  }
  /** JSON only. */
  plain(key: string | null, value: unknown): void {
    if (this.json) this.#store(key, value);
  }
  /** A name, whose value follows. */
  name(name: string): void {
    if (this.json) return;
    this.#gap();
    this.put(`${name}:`);
  }
  /** A value alone, in text. */
  item(text: string): void {
    this.#word();
    this.raw(text);
  }

  // What holds others.

  #within(made: Json | unknown[], body: () => void): void {
    this.#open.push(made);
    body();
    this.#open.pop();
  }
  #nested(name: string, made: Json | unknown[], body: () => void): void {
    if (this.json) {
      this.#store(name, made);
      return this.#within(made, body);
    }
    this.deeper();
    this.newline();
    this.put(`${name}:`);
    this.deeper();
    this.newline();
    body();
    this.back(2);
  }
  object(name: string, body: () => void): void {
    this.#nested(name, {}, body);
  }
  array(name: string, body: () => void): void {
    this.#nested(name, [], body);
  }
  /** One of a list's objects, on a line of its own. */
  entry(body: () => void): void {
    if (!this.json) {
      body();
      return this.newline();
    }
    const made: Json = {};
    this.#store(null, made);
    this.#within(made, body);
  }
  /** All that a command prints is under this in JSON. */
  section(name: string, body: () => void): void {
    if (!this.json) return body();
    const made: Json = {};
    this.#root[name] = made;
    this.#within(made, body);
  }
  /** An object by what it is about. @param content whether more of it follows @param end the line's end, too, where there is one */
  about(name: string, body: () => void, content = true, end: 'line' | 'always' = 'line'): void {
    if (this.json) {
      const made: Json = {};
      this.#store(name, made);
      return this.#within(made, body);
    }
    this.put(`${name}${content ? ':' : ''}`);
    body();
    if (end === 'line') this.newline();
    else this.put('\n');
  }
  #list(name: string): Json | unknown[] {
    const open = this.#open.at(-1) as Json;
    return (open[name] ??= []) as unknown[];
  }
  /** An object of the list of what it is about. */
  listed(name: string, body: () => void): void {
    this.among(name, () => {
      this.entry(body);
    });
  }
  /** Adds to the list of what it is about. */
  among(name: string, body: () => void): void {
    if (this.json) return this.#within(this.#list(name), body);
    if (this.#listed !== name) {
      if (this.#listed !== '') this.back();
      this.put(`${name}:`);
      this.newline();
      this.deeper();
      this.#listed = name;
    }
    body();
  }

  // Giving it out.

  /** What was printed, and nothing of it left. */
  take(): { text: string; json: Json } {
    const text = this.#text;
    this.#text = '';
    return { text, json: this.#root };
  }
  /** To standard output; of nothing, nothing. */
  finish(json: unknown = this.#root): void {
    const { out, options } = this.context;
    if (!this.json) out.write(this.take().text);
    else if (json !== undefined && (json !== this.#root || Object.keys(this.#root).length > 0)) out.write(`${toJson(json, options.pretty)}\n`);
  }
}
