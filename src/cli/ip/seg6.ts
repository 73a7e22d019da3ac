/** `ip sr`: the source of tunnels of segment routing, and the keys that sign lists of segments (net/ipv6/seg6.c). */
import { seg6 } from '../../families/generic/seg6.ts';
import { usage } from '../errors.ts';
import { printAll } from '../generic.ts';
import { parse, to, type Command, type Grammar } from '../grammar.ts';
import { printHmac, printTunnelSource } from '../print/seg6.ts';
import { askSecret } from '../secret.ts';
import { choice, integer, text, parseAddress, word } from '../values.ts';
import { dry } from './inside.ts';

/** SEG6_HMAC_SECRET_LEN */
const longest = 64;

const source: Grammar = { '': to('dst', word('ADDRESS', (given, _context, after) => parseAddress(given, after, 'inet6').address)) };
const keyId: Grammar = { '': { ...to('hmackeyid', integer('KEYID', 1, 0xffffffff)), last: true } };
const algorithms = choice({ sha1: 'sha1', sha256: 'sha256' }), algorithm: Grammar = { '': to('algid', algorithms) };

export const sr: Command = {
  summary: 'segment routing over IPv6: source of tunnels, keys',
  examples: ['ip sr tunsrc show', 'ip sr tunsrc set 2001:db8::1', 'ip sr hmac show'],
  commands: {
    hmac: {
      summary: 'keys that sign lists of segments',
      examples: ['ip sr hmac show', 'ip sr hmac set 1 sha256'],
      commands: {
        show: {
          summary: 'print keys, with their secrets',
          examples: ['ip -j sr hmac show'],
          options: {},
          async run(context, words) {
            parse({}, words, {}, context);
            printAll(context, (await context.kernel.generic(seg6)).dump('dumphmac', {}), printHmac);
          },
        },
        set: {
          summary: 'set a key, whose secret is asked for; without a secret, delete it',
          unlogged: true,
          examples: ['ip sr hmac set 1 sha256', "echo SECRET | setsid nlkit ip sr hmac set 1 sha256   # without a terminal"],
          usage: 'KEYID { sha1 | sha256 }',
          places: [text('KEYID'), algorithms],
          async run(context, words) {
            const { hmackeyid } = parse(keyId, words, {}, context), { algid } = parse(algorithm, words, {}, context);
            if (hmackeyid === undefined || algid === undefined) throw usage('which key, and how does it sign?', 'ip sr hmac set KEYID { sha1 | sha256 }');
            if (dry(context, 'the secret would be asked for')) return;
            const secret = new TextEncoder().encode(await askSecret('Secret of the key (empty: delete it): '));
            if (secret.length > longest) throw usage(`a secret of ${secret.length} bytes is too long`, `at most ${longest}`);
            (await context.kernel.generic(seg6)).request('sethmac', { hmackeyid, secretlen: secret.length, algid, ...(secret.length > 0 && { secret }) });
          },
        },
      },
    },
    tunsrc: {
      summary: 'source address of tunnels',
      examples: ['ip sr tunsrc show', 'ip sr tunsrc set 2001:db8::1'],
      commands: {
        show: {
          summary: 'print the address',
          examples: ['ip -j sr tunsrc show'],
          options: {},
          async run(context, words) {
            parse({}, words, {}, context);
            printAll(context, [(await context.kernel.generic(seg6)).get('getTunsrc', {})], printTunnelSource);
          },
        },
        set: {
          summary: 'set the address; :: takes that of the outgoing link',
          unlogged: true,
          examples: ['ip sr tunsrc set 2001:db8::1'],
          usage: 'ADDRESS',
          options: source,
          async run(context, words) {
            const { dst } = parse(source, words, {}, context);
            if (dst === undefined) throw usage('which address?', 'ip sr tunsrc set ADDRESS');
            (await context.kernel.generic(seg6)).request('setTunsrc', { dst });
          },
        },
      },
    },
  },
};
