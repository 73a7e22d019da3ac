/**
 * One declaration, three outputs. A sheet lists an object's fields in print order: JSON key, text template, where the
 * value is. The printer walks it and writes text or builds JSON.
 */
import type { Context } from '../context.ts';
import { at } from '../grammar.ts';
import { listOf, toJson } from './json.ts';

export type Json = Record<string, unknown>;

/** What a field holds, for its colour. */
export type Paint = 'ifname' | 'mac' | 'inet' | 'inet6' | 'up' | 'down';

const codes: Readonly<Record<Paint, number>> = { ifname: 36, mac: 33, inet: 35, inet6: 34, up: 32, down: 31 };

/** How a value is written. Either may give undefined: nothing is printed there. */
export interface Format {
  readonly text?: (value: unknown, printer: Printer) => string | undefined;
  readonly json?: (value: unknown, printer: Printer) => unknown;
  readonly paint?: Paint | ((value: unknown) => Paint | undefined);
  /** An address, which -r shows by name. */
  readonly host?: boolean;
}

/** Dotted path, or a function of the object. An undefined value prints nothing. */
export type From = string | ((object: Json, printer: Printer) => unknown);

/** JSON key (null: not in JSON), text with % where the value stands (null: not in text), source, format. */
export type Cell = readonly [key: string | null, text: string | null, from: From, format?: Format];

/** Where a cell is too little. */
export type Special = (printer: Printer, object: Json) => void;

export type Sheet = readonly (Cell | Special)[];

const utf8 = new TextEncoder(), text = new TextDecoder('utf-8', { ignoreBOM: true });

export class Printer {
  readonly context: Context;
  readonly json: boolean;
  readonly #color: boolean;
  #text = '';
  /** JSON of the objects that were spilled. */
  readonly #items: Uint8Array[] = [];
  /** The objects that are open, innermost last. */
  #open: (Json | unknown[])[] = [[]];
  /** Objects printed so far, for JSON. */
  get results(): unknown[] {
    return this.#open[0] as unknown[];
  }

  constructor(context: Context) {
    this.context = context;
    this.json = context.options.json;
    this.#color = context.options.color;
  }

  get details(): boolean {
    return this.context.options.details > 0;
  }

  get statistics(): number {
    return this.context.options.statistics;
  }

  /** Text only. */
  text(text: string): void {
    if (!this.json) this.#text += text;
  }

  /** A new line, or with -o a backslash. */
  newline(): void {
    this.text(this.context.options.oneline ? '\\' : '\n');
  }

  /** Takes the blank at the end of a line away. */
  trim(): void {
    if (this.#text.endsWith(' ')) this.#text = this.#text.slice(0, -1);
  }

  /** One field. */
  value(key: string | null, text: string | null, value: unknown, format: Format = {}): void {
    if (value === undefined) return;
    if (this.json) {
      if (key === null) return;
      const json = format.json ? format.json(value, this) : this.#named(value, format);
      if (json === undefined) return;
      const object = this.#open.at(-1);
      if (Array.isArray(object)) object.push(json);
      else if (object) object[key] = json;
    } else if (text !== null) {
      const written = format.text ? format.text(value, this) : String(this.#named(value, format));
      if (written === undefined) return;
      const paint = typeof format.paint === 'function' ? format.paint(value) : format.paint;
      const at = text.indexOf('%');
      const rest = text.slice(at).replace(/^%(\d*)/, (_, width: string) => written.padEnd(Number(width)));
      // What follows the value is painted with it.
      this.#text += at < 0 ? text : text.slice(0, at) + this.paint(paint, rest);
    }
  }

  /** `-r`: an address by its name. */
  #named(value: unknown, { host }: Format): unknown {
    return host && this.context.options.resolve ? (this.context.names.host(String(value)) ?? value) : value;
  }

  paint(paint: Paint | undefined, text: string): string {
    return paint && this.#color ? `\x1b[${codes[paint]}m${text}\x1b[0m` : text;
  }

  sheet(sheet: Sheet, object: Json): void {
    for (const entry of sheet) {
      if (typeof entry === 'function') {
        entry(this, object);
        continue;
      }
      const [key, text, from, format] = entry;
      if (this.json ? key === null : text === null) continue;
      this.value(key, text, typeof from === 'string' ? at(object, from) : from(object, this), format);
    }
  }

  /** An object in JSON (key null: an item of the list); its body in text. */
  object(key: string | null, body: () => void): void {
    if (!this.json) return body();
    this.#nest(key, {}, body);
  }

  array(key: string, body: () => void): void {
    if (!this.json) return body();
    this.#nest(key, [], body);
  }

  #nest(key: string | null, made: Json | unknown[], body: () => void): void {
    const around = this.#open.at(-1);
    if (Array.isArray(around)) around.push(made);
    else if (around && key !== null) around[key] = made;
    this.#open.push(made);
    body();
    this.#open.pop();
  }

  /** Plain words: an array in JSON, in text as the caller joins them. */
  list(key: string, items: readonly unknown[], text: string | null): void {
    if (!this.json) {
      if (text !== null) this.#text += text;
      return;
    }
    const around = this.#open.at(-1);
    if (around && !Array.isArray(around)) around[key] = items;
  }

  /** Gives what has been printed to standard output and starts anew; used between objects of a long list. Of JSON, whole lists are given: it only needs less room from now on. */
  spill(): void {
    // As bytes: text that is put together stays in its pieces.
    for (const item of this.results.splice(0)) this.#items.push(utf8.encode(toJson(item, this.context.options.pretty, 1)));
    if (this.#text === '') return;
    this.context.out.write(this.#text);
    this.#text = '';
  }

  /** The end of a list. */
  finish(): void {
    this.spill();
    if (this.json) this.context.out.write(`${listOf(this.#items.map((item) => text.decode(item)).join(','), this.context.options.pretty)}\n`);
  }

  /** What one object looks like in JSON, for events. */
  take(): unknown {
    return this.results.pop();
  }
}
