/** Datagrams as text: the annotated dump of every byte, and the values as an indented tree. */
import { HOST_LITTLE_ENDIAN } from '../codec/index.ts';
import { cutShort, explain, type ExplainedSpan, type ExplainOptions } from './explain.ts';
import { toJson, type Json, type JsonOptions } from './json.ts';

/** Bytes a row: an attribute's header and an 8-byte value. */
const ROW = 12;

/**
 * The annotated dump: offset, bytes, name = value, indented by depth. Every byte is in it once, in order.
 * An attribute stands on one line with its value; a nest has its attributes below it.
 */
export function dump(bytes: Uint8Array, options: ExplainOptions = {}): string {
  const { spans } = explain(bytes, options), lines: string[] = [];
  for (let i = 0; i < spans.length; i++) {
    const span = spans[i] as ExplainedSpan, next = spans[i + 1];
    let { end } = span, label: string;
    if (span.type === 'nlattr') {
      const { length, type } = span.value as { length: number; type: number }, name = span.attribute ?? `[${type & 0x3fff}]`;
      // The value that belongs to this header: a scalar right behind it, or the first line of a nest.
      const own = length > 4 && next && next.start === span.end ? next : undefined, bits = `${type & 0x8000 ? ' nested' : ''}${type & 0x4000 ? ' net-order' : ''}`;
      label = own?.leaf ? `${name} = ${show(own.value)}${own.error ? `  !! ${own.error}` : ''}` : `${name}${bits}${own ? '' : length > 4 ? ` (${length - 4} bytes)` : ' (empty)'}`;
      if (own?.leaf) { end = own.end; i++; } else if (own) i++;
      if (own?.leaf && own.note) span.note ??= own.note;
    } else if (!span.leaf) label = span.type === 'message' ? span.name : `${span.name}:`;
    else if (span.type === 'padding' || span.type === 'pad') label = '(padding)';
    else label = `${span.name}${span.value === undefined && span.type === 'binary' ? ` (${span.end - span.start} bytes)` : ` = ${show(span.value)}`}`;
    if (span.error) label += `  !! ${span.error}`;
    if (span.note) label += `  <-- ${span.note}`;
    const own = span.leaf ? bytes.subarray(span.start, end) : bytes.subarray(0, 0);
    row(lines, span.start, own, '  '.repeat(span.depth) + label);
  }
  return lines.join('\n');
}

function row(lines: string[], start: number, bytes: Uint8Array, label: string): void {
  for (let at = 0; at === 0 || at < bytes.length; at += ROW) {
    const hex = Array.from(bytes.subarray(at, at + ROW), (b) => b.toString(16).padStart(2, '0')).join(' ');
    lines.push(`${(start + at).toString(16).padStart(4, '0')}  ${hex.padEnd(3 * ROW)} ${at ? '' : label}`.trimEnd());
  }
}

/** A value on one line. */
export function show(value: unknown): string {
  if (value instanceof Uint8Array) return value.length ? Array.from(value.subarray(0, 16), (b) => b.toString(16).padStart(2, '0')).join('') + (value.length > 16 ? `... (${value.length} bytes)` : '') : '(no bytes)';
  if (typeof value === 'bigint' || typeof value === 'number') return String(value);
  if (Array.isArray(value)) return value.length ? value.map((one) => (typeof one === 'string' ? one : show(one))).join(' ') : '(none)';
  if (typeof value === 'object' && value !== null) return Object.entries(value).map(([key, own]) => `${key} ${show(own)}`).join(', ');
  return JSON.stringify(value) ?? '';
}

/** The values of a datagram as an indented tree: a line a message, then its body. */
export function tree(bytes: Uint8Array, options: JsonOptions = {}): string {
  const lines: string[] = [], littleEndian = options.littleEndian ?? HOST_LITTLE_ENDIAN;
  for (const message of toJson(bytes, options)) {
    if (message.$tail !== undefined) {
      // Of a message that was cut short, what is there: the same bytes, saying how many they are.
      const at = bytes.length - message.$tail.length / 2;
      if (cutShort(bytes, at, littleEndian)) {
        const rest = Uint8Array.from(bytes.subarray(at));
        new DataView(rest.buffer).setUint32(0, rest.length, littleEndian);
        lines.push(tree(rest, options), `(cut short: ${message.reason})`);
        continue;
      } lines.push(`(${message.$tail.length / 2} bytes that are no message${message.reason ? `: ${message.reason}` : ''})`); continue; }
    lines.push(`${message.name ?? message.type}${message.seq === undefined ? '' : ` seq ${message.seq} pid ${message.pid}`}${message.flags?.length ? ` ${message.flags.join(' ')}` : ''}`);
    branch(lines, message.body ?? {}, 1);
  }
  return lines.join('\n');
}

function branch(lines: string[], value: Json, depth: number): void {
  const indent = '  '.repeat(depth);
  if (typeof value !== 'object' || value === null) { lines.push(`${indent}${value}`); return; }
  for (const [key, own] of Object.entries(value)) {
    // What only exact mode needs says nothing about the meaning.
    if (key === '$wire' || key === '$order' || key === '$header') continue;
    const flat = Array.isArray(own) && own.every((one) => typeof one !== 'object');
    const label = Array.isArray(value) ? '-' : `${key}:`;
    if (flat) lines.push(`${indent}${label} ${own.join(' ') || '(none)'}`);
    else if (typeof own === 'object' && own !== null) {
      if (Object.keys(own).length === 0) lines.push(`${indent}${label} (empty)`);
      else { lines.push(`${indent}${label}`); branch(lines, own, depth + 1); }
    } else lines.push(`${indent}${label} ${own === '' ? '""' : own}`);
  }
}
