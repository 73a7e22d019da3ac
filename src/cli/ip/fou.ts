/** `ip fou`: UDP ports that packets are taken out of, foo over UDP and generic UDP encapsulation (net/ipv4/fou_core.c). */
import { fou } from '../../families/generic/fou.ts';
import { usage } from '../errors.ts';
import { printAll } from '../generic.ts';
import { is, parse, to, type Command, type Draft, type Grammar } from '../grammar.ts';
import { ipProtocolNumber } from '../ip-protocols.ts';
import { printFou } from '../print/fou.ts';
import { device, integer, parseAddress, word } from '../values.ts';
import { Words } from '../words.ts';

const port = integer('PORT', 1, 65535), plain = integer('PROTO', 1, 255);
/** A protocol over IP by name or number. */
const protocol = word('PROTO', (given, context, after) => ipProtocolNumber(given) ?? plain.read(new Words([given]), context, after));
/** Either family; which one it must be is known at the end. */
const address = word('ADDRESS', (given, _context, after) => parseAddress(given, after));

const rows: Grammar = {
  port: to('port', port),
  ipproto: to('ipproto', protocol),
  gue: is('gue', true),
  '-6': is('family', 'inet6'),
  local: to('local', address),
  peer: to('peer', address),
  peer_port: to('peerPort', port),
  dev: to('ifindex', device),
};

interface Given { port?: number; ipproto?: number; gue?: true; family?: string; local?: Address; peer?: Address; peerPort?: number; ifindex?: number }
interface Address { family: string; address: string }

/** A port as the kernel takes it. */
function request({ port: given, ipproto, gue, family = 'inet', local, peer, peerPort, ifindex }: Given): Draft {
  if (given === undefined) throw usage('which port?', 'ip fou add port PORT { ipproto PROTO | gue }');
  if (ipproto !== undefined && gue) throw usage('"ipproto" and "gue" exclude each other', 'a header of GUE says what follows');
  if ((peer === undefined) !== (peerPort === undefined)) throw usage('"peer" and "peer_port" go together');
  const version = family === 'inet' ? 'V4' : 'V6';
  for (const one of [local, peer]) {
    if (one && one.family !== family) throw usage(`"${one.address}" is not an ${family} address`, family === 'inet' ? 'add "-6"' : 'without "-6" the port is of IPv4');
  }
  return {
    port: given, type: gue ? 'gue' : 'direct', af: family, ...(ipproto !== undefined && { ipproto }),
    ...(local && { [`local${version}`]: local.address }), ...(peer && { [`peer${version}`]: peer.address, peerPort }), ...(ifindex !== undefined && { ifindex }),
  };
}

const change = (summary: string, example: string, usageLine: string, message: string, check: (given: Given) => void = () => {}): Command => ({
  summary, examples: [example], usage: usageLine, options: rows, unlogged: true,
  async run(context, words) {
    const { family } = context.options, given = parse(rows, words, { ...(family && { family }) }, context) as Given;
    if (family !== undefined && family !== 'inet' && family !== 'inet6') throw usage(`ports are of IP, not of "${family}"`, '-4 or -6');
    const body = request(given);
    check(given);
    (await context.kernel.generic(fou)).request(message, body);
  },
});

const selector = '[ local ADDRESS ] [ peer ADDRESS peer_port PORT ] [ dev DEVICE ] [ -6 ]';

export const fouCommand: Command = {
  summary: 'UDP ports that packets are taken out of',
  examples: ['ip fou show', 'ip fou add port 5555 ipproto gre', 'ip fou add port 5556 gue', 'ip fou del port 5555'],
  commands: {
    add: change('take packets out of a port', 'ip fou add port 5555 ipproto gre', `port PORT { ipproto PROTO | gue } ${selector}`, 'add', ({ ipproto, gue }) => {
      if (ipproto === undefined && !gue) throw usage('what is in its packets?', 'ip fou add port PORT { ipproto PROTO | gue }');
    }),
    'delete|del': change('leave a port alone', 'ip fou del port 5555', `port PORT ${selector}`, 'del'),
    show: {
      summary: 'print ports',
      examples: ['ip -j fou show'],
      options: {},
      async run(context, words) {
        parse({}, words, {}, context);
        printAll(context, (await context.kernel.generic(fou)).dump('get', {}), printFou);
      },
    },
  },
};
