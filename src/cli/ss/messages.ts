/** `ss -D FILE`: the kernel's messages as they came, each family's with the one that ends them; what TCPDIAG_FILE names is read so by ss. */
import { writeFileSync } from 'node:fs';
import { COMMON_FLAGS, NLMSG, Writer, writeFrame, type MessageType } from '../../codec/index.ts';
import { sockDiag } from '../../families/diag/index.ts';
import type { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import type { Body } from '../kernel.ts';

/** The protocol without its schemas: bodies are bytes. */
const undeclared = { ...sockDiag, name: 'sock_diag_bytes', byNumber: new Map<number, MessageType>() };
/** The number that iproute2 gives a dump. */
const SEQ = 123456;

/** @param requests dumps, one after another @param file `-` is standard output */
export function writeMessages({ kernel, options, out }: Context, requests: readonly Body[], file: string): void {
  const diag = kernel.speak(undeclared), w = new Writer();
  for (const body of requests) {
    const header = { flags: COMMON_FLAGS.multi, seq: SEQ, pid: process.pid };
    for (const message of diag.dump('get', body)) writeFrame(w, { ...header, type: sockDiag.messages.get.number }, undefined, message);
    writeFrame(w, { ...header, type: NLMSG.done }, undefined, new Uint8Array(4));
  }
  if (options.dryRun) return;
  const bytes = w.finish();
  if (file === '-') return out.writeBytes(bytes);
  try { writeFileSync(file, bytes); } catch (error) { throw new CliError(`cannot write "${file}": ${(error as Error).message}`); }
}
