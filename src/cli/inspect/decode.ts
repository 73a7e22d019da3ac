/** `nlkit decode`: datagrams as values; `nlkit encode`: the way back. */
import type { Protocol } from '../../codec/index.ts';
import { fromJson, genericOf, guessLittleEndian, readHexLine, toHex, toJson, tree, dump, type Captured, type JsonMessage } from '../../inspect/index.ts';
import type { Context } from '../context.ts';
import { CliError, exits } from '../errors.ts';
import type { Command } from '../grammar.ts';
import { datagrams, readInput, readRequest, requestOptions, type Request } from './input.ts';

const prints = { '--tree': 'trees (default)', '--json': 'JSON, one line a datagram, lossless', '--bytes': 'what each byte means' };

export const decode: Command = {
  summary: 'netlink datagrams from a capture, a trace or pasted hex, as a tree or as JSON',
  examples: ['decode capture.pcap', 'decode --from strace trace.txt   # strace -f -xx -s 65535 -e trace=%net -e read=all -e write=all -o trace.txt ip link', 'decode --from hex --protocol route --json < datagrams.txt'],
  usage: '[ FILE | - ] [ --from { auto | hex | pcap | strace | binary } ] [ --protocol NAME | NUMBER ] [ --tree | --json | --bytes ]',
  options: requestOptions(prints),
  run(context, words) {
    const request = readRequest(words, Object.keys(prints));
    const json = request.switches.has('json') || context.options.json;
    if (json && request.from === 'hex') return hexLines(context, request);
    const all = datagrams(request);
    if (all.length === 0) throw nothing('datagrams');
    const optionsOf = reading(request, all);
    if (json) {
      for (const one of all) context.out.write(`${JSON.stringify(toJson(one.bytes, optionsOf(one)))}\n`);
      return exits.ok;
    }
    let bad = 0;
    all.forEach((one, i) => {
      if (all.length > 1) context.out.write(`${i ? '\n' : ''}# ${label(one, i)}\n`);
      context.out.write(`${(request.switches.has('bytes') ? dump : tree)(one.bytes, optionsOf(one))}\n`);
      bad += complain(context, one, i, optionsOf(one));
    });
    return bad ? exits.undecodable : exits.ok;
  },
};

/** A filter that got nothing says so: what should have filled it has failed, more often than not. */
const nothing = (what: string): CliError => new CliError(`there are no netlink ${what} in the input`, exits.undecodable);

/** How each datagram is read. Numbers of families of generic netlink are known from all of them. */
function reading(request: Request, all: readonly Captured[]): (one: Captured) => { protocol: Protocol | string | number; littleEndian?: boolean } {
  const generic = genericOf(request.protocol === undefined ? all.filter((one) => one.protocol !== undefined) : all);
  return (one) => {
    const littleEndian = guessLittleEndian(one.bytes), protocol = request.protocol ?? one.protocol ?? 'route';
    return { protocol: protocol === generic.number || protocol === generic.name ? generic : protocol, ...(littleEndian === false && { littleEndian }) };
  };
}
const DAY = 86_400;
function label(one: Captured, i: number): string {
  // Some traces tell the time of day only.
  const moment = one.time === undefined ? '' : new Date(one.time * 1000).toISOString(), time = moment && ` at ${(one.time as number) < DAY ? moment.slice(11, -1) : moment}`;
  return `datagram ${i + 1}: ${one.bytes.length} bytes${one.direction ? `, ${one.direction === 'send' ? 'to' : 'from'} the kernel` : ''}${time}`;
}
/** What of a datagram is no message goes to standard error, with the place. */
function complain(context: Context, one: Captured, i: number, options: object): number {
  const tail = toJson(one.bytes, options).find((message) => message.$tail !== undefined && message.reason);
  const reason = one.note ?? (tail && `${tail.reason} (at byte ${one.bytes.length - (tail.$tail as string).length / 2})`);
  if (reason) context.out.error(`datagram ${i + 1}: ${reason}`);
  return reason ? 1 : 0;
}

/** One datagram in hex a line, one JSON array of messages a line. */
function hexLines(context: Context, request: Request): number {
  const all = lines(readInput(request.file)).map(([i, line]): Captured => {
    try { return { bytes: readHexLine(line) }; } catch (error) { throw new CliError(`line ${i + 1}: ${(error as Error).message}`, exits.undecodable); }
  });
  if (all.every(({ bytes }) => bytes.length === 0)) throw nothing('datagrams');
  const optionsOf = reading(request, all);
  for (const one of all) context.out.write(`${JSON.stringify(toJson(one.bytes, optionsOf(one)))}\n`);
  return exits.ok;
}
function lines(input: Uint8Array): [number, string][] {
  const all = new TextDecoder().decode(input).split('\n');
  if (all.at(-1) === '') all.pop();
  return all.map((line, i) => [i, line.replace(/\r$/, '')]);
}

export const encode: Command = {
  summary: 'what `decode --json` printed, back to the same bytes in hex',
  examples: ['decode --from hex --json < datagrams.txt | nlkit encode'],
  usage: '[ FILE | - ] [ --protocol NAME | NUMBER ]',
  options: requestOptions({}, false),
  run(context, words) {
    const request = readRequest(words, []);
    const given = lines(readInput(request.file)).filter(([, line]) => line.trim() !== '');
    if (given.length === 0) throw nothing('messages');
    for (const [i, line] of given) {
      let messages: unknown;
      try { messages = JSON.parse(line); } catch (error) { throw new CliError(`line ${i + 1}: ${(error as Error).message}`, exits.undecodable); }
      if (!Array.isArray(messages)) throw new CliError(`line ${i + 1}: expected an array of messages`, exits.undecodable);
      try {
        context.out.write(`${toHex(fromJson(messages as JsonMessage[], request.protocol === undefined ? {} : { protocol: request.protocol }))}\n`);
      } catch (error) { throw new CliError(`line ${i + 1}: ${(error as Error).message}`, exits.undecodable); }
    }
  },
};
