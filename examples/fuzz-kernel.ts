// A fuzzer of a kernel: requests from a schema, what came of each as a signature, and the least request for one of them. `nlkit fuzz` does more.
// Needs root (or `unshare -Urnm`) and fast-check; sends in a namespace of its own, which it takes down again.
import { namespace } from 'nlkit';
import { frames, Writer, writeFrame } from 'nlkit/codec';
import { route } from 'nlkit/families/route';
import { exchange, openSocket, refusalOf } from 'nlkit/socket';
import { build, shrink, signature, Tape, tapeOf } from 'nlkit/testing';

const { newaddr } = route.messages, flags = 0x605;
// Values that get further than chance does.
const words = { index: [1], family: ['inet'], local: ['192.0.2.1'], prefixlen: [24, 33], scope: ['universe'] };

/** The request that a list of numbers stands for: it shrinks as the list does. */
function request(tape: readonly number[]): Uint8Array {
  const writer = new Writer();
  writeFrame(writer, { type: newaddr.number, flags, seq: 1, pid: 0 }, newaddr.schema, build(newaddr.schema, new Tape(tape), { words, bare: true }));
  return writer.finish();
}

namespace.create('fuzzed');
const socket = namespace.enter('fuzzed', () => openSocket());
try {
  const outcome = (tape: readonly number[]): string => {
    const bytes = request(tape), errors = exchange(socket, bytes).answers.flatMap((answer) => [...frames(answer)].map((frame) => refusalOf(route, bytes, answer, frame)));
    const { code = 'OK', extack } = errors.find((error) => error) ?? {};
    return signature({ message: newaddr.name, code, ...(extack?.message !== undefined && { said: extack.message }), ...(extack?.path !== undefined && { path: extack.path }) });
  };
  const seen = new Map(Array.from({ length: 500 }, (_, number) => tapeOf(1, number)).map((tape) => [outcome(tape), tape] as const));
  for (const [said, tape] of [...seen].sort()) if (said.includes('prefix length')) console.log(said, Buffer.from(request(shrink(tape, (less) => outcome(less) === said))).toString('hex'));
  console.log(seen.size > 2 ? 'and other outcomes' : 'nothing else');
} finally {
  socket.close();
  namespace.remove('fuzzed');
}
