/** What `--dry-run` prints: the messages, as one line of names, as JSON, or as bytes. */
import type { Context } from './context.ts';
import { bytes as hex, constant } from './print/formats.ts';
import { Recorder, type Recorded } from './kernel-record.ts';
import { toJson } from './print/json.ts';

export function printRecorded(context: Context): void {
  const { kernel, options, out } = context;
  if (!(kernel instanceof Recorder)) return;
  if (options.hex) for (const { bytes } of kernel.sent) out.write(`${hex(bytes)}\n`);
  else if (options.json) {
    const list = kernel.sent.map(({ message, flags, body, bytes }) => ({ message: message.name, flags, body: plain(body), hex: hex(bytes) }));
    out.write(`${toJson(list, options.pretty)}\n`);
  } else for (const sent of kernel.sent) out.write(`${line(sent)}\n`);
  if (kernel.indexes.size > 0 && kernel.sent.length > 0) {
    out.error(`note: nobody was asked for indexes: ${[...kernel.indexes].map(([name, index]) => `${index} stands for ${name}`).join(', ')}`);
  }
}

/** `RTM_NEWLINK REQUEST|ACK|CREATE|EXCL ifname=veth0 linkinfo{kind=veth}` */
function line({ message, flags, body }: Recorded): string {
  return [message.name, flags.map(constant).join('|'), fields(body)].filter(Boolean).join(' ');
}

function fields(object: object): string {
  return Object.entries(object).filter(([, value]) => value !== undefined).map(([key, value]) => field(key, value)).join(' ');
}

function field(key: string, value: unknown): string {
  if (value instanceof Uint8Array) return `${key}=0x${hex(value)}`;
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item !== 'object')) return `${key}=${value.join('|') || '0'}`;
    return `${key}[${value.map((item) => `{${fields(item as object)}}`).join(' ')}]`;
  }
  if (value !== null && typeof value === 'object') return `${key}{${fields(value)}}`;
  return `${key}=${String(value)}`;
}

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return hex(value);
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  if (value !== null && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
  return value;
}
