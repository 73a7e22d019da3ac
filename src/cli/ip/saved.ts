/**
 * What `save` writes and `restore` and `showdump` read: a number that says of what the file is, then the kernel's answers as they came.
 * The files are iproute2's own.
 */
import { readFileSync } from 'node:fs';
import { decode, frames, Writer, writeFrame, type AnyCodec, type MessageType } from '../../codec/index.ts';
import { route } from '../../families/route/index.ts';
import type { Context } from '../context.ts';
import { CliError, exits, usage } from '../errors.ts';
import type { Body } from '../kernel.ts';
import type { Json } from '../print/printer.ts';

/** One kind of file. */
export interface Saved {
  /** The number, in host order. */
  readonly magic: number;
  /** The message that each entry is: `newroute`. */
  readonly message: string;
  /** In words: `routes`. */
  readonly what: string;
}

/** Flag of an answer that is one of many. */
const MULTI = 2;

const messages = route.messages as Readonly<Record<string, MessageType>>;

/** Writes the file to standard output. @param objects Decoded exactly. */
export function save(context: Context, { magic, message, what }: Saved, objects: readonly Body[]): void {
  const { out } = context;
  if (out.terminal) throw usage(`${what} are saved as bytes, which are not for a terminal`, 'send them to a file: ... > FILE');
  const { number, schema } = messages[message] as MessageType;
  const w = new Writer();
  const at = w.take(4);
  w.view.setUint32(at, magic, w.littleEndian);
  for (const object of objects) writeFrame(w, { type: number, flags: MULTI, seq: 0, pid: 0 }, schema as AnyCodec, object);
  out.writeBytes(w.finish());
}

/** Reads such a file from standard input; entries are decoded exactly. */
export function load({ magic, message, what }: Saved): Body[] {
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(readFileSync(0));
  } catch (error) {
    throw usage(`cannot read standard input: ${(error as Error).message}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const first = bytes.length >= 4 ? view.getUint32(0, new Writer().littleEndian) : undefined;
  if (first !== magic) throw new CliError(`standard input is no file of saved ${what}`, exits.undecodable, `it begins with ${first === undefined ? 'nothing' : `0x${first.toString(16)}`}, not with 0x${magic.toString(16)}`);
  const { number, schema } = messages[message] as MessageType;
  const all: Body[] = [];
  const body = bytes.subarray(4);
  for (const { type, start, end } of frames(body, { tail: (at, reason) => { if (reason) throw new CliError(`at byte ${at + 4}: ${reason}`, exits.undecodable); } })) {
    if (type !== number) throw new CliError(`there is a message of type ${type} among the saved ${what}`, exits.undecodable);
    all.push(decode(schema as AnyCodec, body.subarray(start, end), { exact: true }) as Body);
  }
  return all;
}

/** Puts entries back. What is there already is as good as restored. */
export function restore(context: Context, { message }: Saved, objects: readonly Body[]): void {
  for (const object of objects) {
    try {
      context.kernel.request(message, object, ['create']);
    } catch (error) {
      if ((error as { code?: string }).code !== 'EEXIST') throw error;
    }
  }
}

export const savedRoutes: Saved = { magic: 0x45311224, message: 'newroute', what: 'routes' };
export const savedAddresses: Saved = { magic: 0x47361222, message: 'newaddr', what: 'addresses' };
export const savedRules: Saved = { magic: 0x71706986, message: 'newrule', what: 'rules' };

/** A gateway must be in reach before it is used: the host's own addresses, then networks, then what is behind gateways. */
export function inOrder(routes: readonly Json[]): Json[] {
  const step = (one: Json): number => (one['gateway'] !== undefined || one['via'] !== undefined || one['multipath'] !== undefined ? 2 : one['type'] === 'local' || one['prefsrc'] === one['dst'] ? 0 : 1);
  return [0, 1, 2].flatMap((wanted) => routes.filter((one) => step(one) === wanted));
}
