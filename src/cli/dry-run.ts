/** What `--dry-run` prints: the messages, as one line of names, as JSON, or as bytes. */
import { NETLINK_GENERIC, type Protocol } from '../codec/index.ts';
import type { Context } from './context.ts';
import { bytes as hex } from './print/formats.ts';
import { Recorder } from './kernel-record.ts';
import { toJson } from './print/json.ts';
import { fromFiles, inWords, withoutKeys } from './print/request.ts';

export function printRecorded(context: Context): void {
  const { kernel, options, out } = context;
  if (!(kernel instanceof Recorder)) return;
  const { indexes, families } = kernel;
  if (options.hex) for (const { bytes, protocol } of kernel.sent) out.write(`${protocol.number === 0 ? '' : `# protocol ${protocol.number} ${protocol.name}\n`}${hex(bytes)}\n`);
  else if (options.json) {
    // With what it takes to send them (`nlkit send`): the protocol, and what the numbers that nobody was asked for stand for.
    const list = kernel.sent.map(({ protocol, message, flags, body, bytes }) => ({
      ...spoken(protocol), message: message.name, flags, body: plain(body), hex: hex(bytes), ...(indexes.size > 0 && { indexes: Object.fromEntries(indexes) }),
    }));
    out.write(`${toJson(list, options.pretty)}\n`);
  } else for (const sent of kernel.sent) out.write(`${inWords(sent.message.name, sent.flags, withoutKeys(sent.body, fromFiles))}\n`);
  if (indexes.size > 0 && kernel.sent.length > 0) out.error(`note: nobody was asked for indexes: ${standIns(indexes)}`);
  if (families.size > 0) out.error(`note: nobody was asked for the numbers of families: ${standIns(families)}`);
}

/** A family's protocol is called as the family is. */
const spoken = ({ name, number }: Protocol): { protocol: string; family?: string } => (number === NETLINK_GENERIC ? { protocol: 'generic', family: name } : { protocol: name });

/** `1001 stands for veth0` */
export const standIns = (names: ReadonlyMap<string, number>): string => [...names].map(([name, number]) => `${number} stands for ${name}`).join(', ');

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return hex(value);
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  if (value !== null && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
  return value;
}
