/** Families of generic netlink in captures of the tools that speak them: every message is known whole. */
import { describe, expect, test } from 'vitest';
import { decodeMessage, frames, NETLINK_GENERIC } from '../src/codec/index.ts';
import { genericOf, readHexLine } from '../src/inspect/index.ts';
import { captures, type Capture } from './support/captures.ts';

const little = { littleEndian: true } as const;
const tools: Readonly<Record<string, string>> = { devlink: 'devlink', nl802154: 'nl802154', team: 'team', batadv: 'batadv', tipc: 'TIPCv2' };
const of = (group: string): Capture[] => captures.filter(({ name }) => name.includes(`/generic/${group}/`));

interface Said { readonly direction: string; readonly family: string; readonly name: string; readonly body: Record<string, unknown> }
/** What a capture says in families that it tells the numbers of. */
function said({ messages }: Capture): Said[] {
  const datagrams = messages.filter(({ protocol }) => protocol === NETLINK_GENERIC).map(({ direction, hex }) => ({ direction, bytes: readHexLine(hex) }));
  const protocol = genericOf(datagrams);
  return datagrams.flatMap(({ direction, bytes }) => [...frames(bytes, little)].filter((frame) => frame.type >= 16).map((frame) => {
    const { name, body } = decodeMessage(protocol, bytes, frame, little);
    return { direction, family: protocol.byNumber.get(frame.type)?.name ?? String(frame.type), name, body: body as Record<string, unknown> };
  }));
}
/** Where a value has what no schema knows. */
function strangers(value: unknown, path: string): string[] {
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => (key === '$unknown' ? (part as { type: number }[]).map(({ type }) => `${path}: attribute ${type}`) : strangers(part, `${path}.${key}`)));
}

describe.each(Object.entries(tools))('%s', (group, family) => {
  const all = of(group);
  test('is captured', () => {
    expect(all.flatMap(said).filter((message) => message.family === family).length).toBeGreaterThan(3);
  });
  test.each(all.map((capture) => [capture.name, capture] as const))('%s is known whole', (_, capture) => {
    const messages = said(capture);
    expect(messages.flatMap(({ name, body }) => strangers(body, name))).toEqual([]);
    // A command that is not declared is a number.
    expect(messages.filter(({ body }) => typeof body['cmd'] === 'number').map(({ name, body }) => `${name} ${String(body['cmd'])}`)).toEqual([]);
  });
});
