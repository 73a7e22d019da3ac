/** The captures of fixtures/: every message with the kernel, the command and the meaning that its file names. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NETLINK_GENERIC, type Protocol } from '../../src/codec/index.ts';
import { genericOf } from '../../src/inspect/index.ts';

export interface CapturedMessage {
  readonly name: string;
  readonly protocol: number | string;
  /** What its readers are told: the number, or generic netlink with the families that its file tells the numbers of. */
  readonly read: Protocol | number | string;
  readonly direction?: string;
  readonly bytes: Uint8Array;
}

/** The JSON files below a folder. */
export function* files(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) yield* files(join(folder, entry.name));
    else if (entry.name.endsWith('.json')) yield join(folder, entry.name);
  }
}
const root = new URL('../../fixtures', import.meta.url).pathname;

/** Every captured message. */
export function capturedMessages(): CapturedMessage[] {
  return [...files(root)].flatMap((file) => {
    const { messages = [] } = JSON.parse(readFileSync(file, 'utf8')) as { messages?: { protocol: number | string; direction?: string; hex: string }[] };
    const all = messages.map(({ hex, ...message }, i) => ({ ...message, name: `${file.slice(root.length + 1)}#${i}`, bytes: Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)) }));
    const generic = genericOf(all.filter((message) => message.protocol === NETLINK_GENERIC).map(({ bytes }) => ({ bytes })));
    return all.map((message) => ({ ...message, read: message.protocol === NETLINK_GENERIC ? generic : message.protocol }));
  });
}
