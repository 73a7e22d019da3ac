/** `ip macsec`: keys and channels of links of kind macsec (drivers/net/macsec.c). */
import { macsec } from '../../families/generic/macsec.ts';
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { printAll } from '../generic.ts';
import { act, parse, to, type Command, type Draft, type Grammar } from '../grammar.ts';
import { printMacsec } from '../print/macsec.ts';
import { anyOf, device, integer, mac, oneOf, parseInteger, word } from '../values.ts';
import type { Words } from '../words.ts';
import { channelOf, sci } from './kinds/macsec.ts';

/** MACSEC_KEYID_LEN and MACSEC_SALT_LEN; keys are of AES-128 or AES-256. */
const idLength = 16, saltLength = 12, keyLengths: readonly number[] = [16, 32];

function bytesOf(given: string, after: string): Uint8Array {
  if (given.length % 2 !== 0 || !/^[0-9a-f]+$/i.test(given)) throw usage(`not hexadecimal for "${after}"`, 'two digits a byte');
  return Uint8Array.from(given.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}
/** So many bytes; what is shorter ends in zeros. */
const padded = (length: number) => (given: string, after: string): Uint8Array => {
  const bytes = bytesOf(given, after), whole = new Uint8Array(length);
  if (bytes.length > length) throw usage(`"${given}" is too long for "${after}"`, `at most ${2 * length} digits`);
  whole.set(bytes);
  return whole;
};
const keyId = padded(idLength), salt = padded(saltLength);

/** What is said of a bad key does not repeat it. */
function keyOf(given: string): Uint8Array {
  const key = bytesOf(given, 'key');
  if (!keyLengths.includes(key.length)) throw usage(`a key of ${key.length} bytes does not fit`, '32 digits, or 64');
  return key;
}

/** A bigint is sent in 8 bytes, which suites of extended numbers take. */
const extended = word('NUMBER', (given, _context, after) => {
  const value = parseInteger(given);
  if (value === undefined || value < 1n || value >= 1n << 64n) throw usage(`"${given}" is not a number for "${after}"`, 'from 1, of up to 64 bits');
  return value;
});
/** Words that say the same thing: one of them. */
const either = (key: string, words: string, value?: unknown) => (draft: Draft, read: unknown): void => {
  if (draft[key] !== undefined) throw usage(`${words} exclude each other`);
  draft[key] = value ?? read;
};
const number = either('pn', '"pn" and "xpn"');
const channelRows: Grammar = { on: act(either('active', '"on" and "off"', 1)), off: act(either('active', '"on" and "off"', 0)) };
const associationRows: Grammar = {
  pn: act(number, integer('NUMBER', 1, 0xffffffff)),
  xpn: act(number, extended),
  salt: to('salt', word('SALT', (given, _context, after) => salt(given, after))),
  ssci: to('ssci', integer('SSCI', 0, 0xffffffff)),
  key: act((draft, value) => Object.assign(draft, value), { name: 'ID KEY', read: (words, _context, after) => ({ keyid: keyId(words.next(after), after), key: keyOf(words.next(after)) }) }),
  ...channelRows,
};
const link: Grammar = { '': { ...to('ifindex', device), last: true } };
const association = integer('{ 0..3 }', 0, 3), port = integer('PORT', 1, 65535);

/** Of which channel: its identifier, or the address and the port of who sends in it. */
function channel(words: Words, context: Context): bigint {
  if (words.take('sci')) return sci.read(words, context, 'sci') as bigint;
  let address: string | undefined, given: number | undefined;
  while (address === undefined || given === undefined) {
    if (given === undefined && words.take('port')) given = port.read(words, context, 'port') as number;
    else if (address === undefined && words.take('address')) address = mac.read(words, context, 'address') as string;
    else throw usage('which channel?', 'rx sci SCI, or rx port PORT address LLADDR');
  }
  if (address.length !== 17) throw usage(`"${address}" is not an Ethernet address`, 'six bytes in hexadecimal: 02:00:00:00:00:01');
  return channelOf(address, given);
}

const nothing: Grammar = {};
const SCI = '{ sci SCI | port PORT address LLADDR }', OPTS = '[ pn NUMBER | xpn NUMBER ] [ salt SALT ] [ ssci SSCI ] [ on | off ]';

/** What is done to a channel or an association. Attributes are sent in the order that iproute2 sends them in. */
function change(summary: string, examples: readonly string[], verb: 'add' | 'upd' | 'del', usageLine: string): Command {
  const rows = (grammar: Grammar): Grammar => (verb === 'del' ? nothing : grammar);
  return {
    summary, examples, usage: usageLine, options: rows(associationRows), places: [device, anyOf('tx', 'rx', 'sci', 'port', 'address', 'sa')], unlogged: true,
    async run(context, words) {
      const { ifindex } = parse(link, words, {}, context);
      const way = words.take('tx') ? 'tx' : words.take('rx') ? 'rx' : undefined;
      if (ifindex === undefined || way === undefined) throw usage(ifindex === undefined ? 'which link?' : '"tx" or "rx"?', examples[0]);
      const config = way === 'rx' ? { sci: channel(words, context) } : undefined;
      if (!words.take('sa')) {
        if (!config) throw usage('which association?', 'tx sa { 0..3 }');
        const { active } = parse(rows(channelRows), words, {}, context);
        (await context.kernel.generic(macsec)).request(`${verb}Rxsc`, { ifindex, rxscConfig: { ...config, ...(active !== undefined && { active }) } });
        return;
      }
      const an = association.read(words, context, 'sa');
      const { pn, salt: salted, ssci, keyid, key, active } = parse(rows(associationRows), words, {}, context);
      if (verb === 'add' && key === undefined) throw usage('which key?', 'key ID KEY');
      if (verb === 'add' && pn === undefined) throw usage('which number has the next packet?', 'pn 1');
      if (verb === 'upd' && key !== undefined) throw usage('the key of an association stays', 'add another association');
      if ((salted ?? ssci) !== undefined && typeof pn !== 'bigint') throw usage('"salt" and "ssci" go with "xpn"');
      (await context.kernel.generic(macsec)).request(`${verb}${way === 'tx' ? 'Txsa' : 'Rxsa'}`, {
        ifindex, ...(config && { rxscConfig: config }),
        saConfig: {
          an, ...(pn !== undefined && { pn }), ...(salted !== undefined && { salt: salted }), ...(ssci !== undefined && { ssci }),
          ...(key !== undefined && { keyid, key }), ...(active !== undefined && { active }),
        },
      });
    },
  };
}

const shownRows: Grammar = { '': to('ifindex', device) };
const offloads = oneOf('off', 'phy', 'mac'), offloadRows: Grammar = { '': { ...to('type', offloads), last: true } };

export const macsecCommand: Command = {
  summary: 'keys and channels of links that encrypt Ethernet',
  examples: ['ip macsec show', 'ip macsec add macsec0 rx port 1 address 02:00:00:00:00:02', 'ip macsec add macsec0 tx sa 0 pn 1 on key 01 00112233445566778899aabbccddeeff'],
  commands: {
    show: {
      summary: 'print links with their channels',
      examples: ['ip -j macsec show', 'ip -s macsec show macsec0'],
      usage: '[ DEVICE ]',
      options: shownRows,
      async run(context, words) {
        const { ifindex } = parse(shownRows, words, {}, context);
        const found = (await context.kernel.generic(macsec)).dump('getTxsc', {});
        printAll(context, ifindex === undefined ? found : found.filter((body) => body['ifindex'] === ifindex), printMacsec);
      },
    },
    add: change('add a channel to receive in, or an association with its key', ['ip macsec add macsec0 rx port 1 address 02:00:00:00:00:02', 'ip macsec add macsec0 tx sa 0 pn 1 on key 01 00112233445566778899aabbccddeeff'], 'add', `DEVICE { tx | rx ${SCI} } [ sa { 0..3 } ${OPTS} key ID KEY ]`),
    set: change('change a channel or an association', ['ip macsec set macsec0 tx sa 0 off', 'ip macsec set macsec0 rx sci 20000000002000b on'], 'upd', `DEVICE { tx | rx ${SCI} } [ sa { 0..3 } ${OPTS} ] [ on | off ]`),
    'delete|del': change('delete a channel or an association', ['ip macsec del macsec0 tx sa 0', 'ip macsec del macsec0 rx sci 20000000002000b'], 'del', `DEVICE { tx | rx ${SCI} } [ sa { 0..3 } ]`),
    offload: {
      summary: 'who encrypts: the kernel, the PHY or the network card',
      examples: ['ip macsec offload macsec0 off'],
      usage: 'DEVICE { off | phy | mac }',
      places: [device, offloads],
      unlogged: true,
      async run(context, words) {
        const { ifindex } = parse(link, words, {}, context), { type } = parse(offloadRows, words, {}, context);
        if (ifindex === undefined || type === undefined) throw usage(ifindex === undefined ? 'which link?' : 'to whom?', 'ip macsec offload DEVICE { off | phy | mac }');
        parse(nothing, words, {}, context);
        (await context.kernel.generic(macsec)).request('updOffload', { ifindex, offload: { type } });
      },
    },
  },
};
