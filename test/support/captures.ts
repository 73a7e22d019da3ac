/** Captured commands of iproute2, and a kernel that answers from them. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Body } from '../../src/cli/kernel.ts';
import { Recorder } from '../../src/cli/kernel-record.ts';
import { decodeMessage, frames } from '../../src/codec/index.ts';
import { route } from '../../src/families/route/index.ts';

export interface Message { key: string; body: Body; bytes: Uint8Array }
export interface Capture {
  readonly name: string;
  readonly tool: string;
  readonly command: string;
  readonly setup?: readonly string[];
  readonly exit: number;
  readonly stdout?: string;
  readonly messages: readonly { direction: string; protocol: number; hex: string }[];
}

const root = new URL('../../fixtures/', import.meta.url);
const little = { littleEndian: true } as const;

export const captures: readonly Capture[] = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => /^\d.*\.json$/.test(name)).sort()
  .map((name) => ({ name, ...(JSON.parse(readFileSync(new URL(name, root), 'utf8')) as Omit<Capture, 'name'>) }));

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

/** The rtnetlink messages of a datagram, padding and control messages left out. */
export function decoded(datagram: Uint8Array): Message[] {
  return [...frames(datagram, little)].filter((frame) => frame.type >= 16).map((frame) => ({
    key: route.byNumber.get(frame.type)?.key ?? String(frame.type),
    body: decodeMessage(route, datagram, frame, little).body as Body,
    bytes: datagram.slice(frame.at, frame.end),
  }));
}

const read = new Map<string, Message[]>();
export function messages(capture: Capture, direction: string): Message[] {
  const key = `${capture.name} ${direction}`;
  let found = read.get(key);
  if (!found) read.set(key, found = capture.messages.filter((m) => m.protocol === 0 && m.direction === direction).flatMap(({ hex }) => decoded(bytesOf(hex))));
  return found;
}

/** Links that any capture of the same group tells of, its own first. */
export function linksOf(capture: Capture): Body[] {
  const group = [capture, ...captures.filter((other) => dirname(other.name) === dirname(capture.name) && other !== capture)];
  return ['reply', 'notification'].flatMap((direction) => group.flatMap((other) => messages(other, direction))).filter(({ key }) => key === 'newlink').map(({ body }) => body);
}

/** A kernel that knows these links, answers with what was captured, and writes down what it is asked to change. */
export class Replay extends Recorder {
  readonly #known: readonly Body[];
  readonly #replies: readonly Message[];

  constructor(capture: Capture) {
    super();
    this.#known = linksOf(capture);
    this.#replies = messages(capture, 'reply');
  }

  /** Some link was not captured: its index is made up. */
  invented = false;

  override lookup(body: Body): Body | undefined {
    const found = this.#known.find((link) => (body['ifname'] !== undefined ? link['ifname'] === body['ifname'] : link['index'] === body['index']));
    if (found || !(body['ifname'] ?? body['altIfname'])) return found;
    this.invented = true;
    return super.lookup(body);
  }

  #answers(message: string): Body[] {
    // A dump of groups is answered with the type it was asked with.
    return this.#replies.filter(({ key }) => key === message || key === message.replace(/^get/, 'new')).map(({ body }) => body);
  }

  override get(message: string, body: Body): Body | undefined {
    return message === 'getlink' ? this.lookup(body) ?? this.#answers(message)[0] : this.#answers(message)[0];
  }

  override dump(message: string, body?: Body): Body[] {
    // bridge asks for links twice: as links, and as ports.
    return this.#answers(message).filter((answer) => message !== 'getlink' || body === undefined || (answer['family'] === 'bridge') === (body['family'] === 'bridge'));
  }
}
