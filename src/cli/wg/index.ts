/** `wg`: WireGuard's keys and peers, with the words and the files of wireguard-tools. */
import { fstatSync, readFileSync } from 'node:fs';
import { WIREGUARD_KEY_LENGTH, type WireguardDevice } from '../../families/generic/wireguard.ts';
import { newPresharedKey, newPrivateKey, parseWireguardKey, publicKeyOf, wireguardKeyText } from '../../generic/index.ts';
import { usage } from '../errors.ts';
import { act, is, parse, to, type Command, type Grammar } from '../grammar.ts';
import type { Context } from '../context.ts';
import { colored, configText, fieldLines, fieldWords, json, pretty } from '../print/wg.ts';
import { toJson } from '../print/json.ts';
import { deviceName, fileName } from '../values.ts';
import type { Words } from '../words.ts';
import { readConfig } from './config.ts';
import { change, deviceNamed, deviceNames } from './device.ts';
import { synced } from './sync.ts';
import { endpoint, flagged, fwmark, keepalive, keyFile, listenPort, located, prefixes, publicKey, storePrefixes, type PeerDraft } from './values.ts';

const nothing: Grammar = {};
/** What there is to do with the name of a link, and nothing behind it. */
function only(words: Words, context: Context, what: string): string {
  const name = words.next(what);
  parse(nothing, words, {}, context);
  return name;
}

// Telling.

const fieldRows: Grammar = Object.fromEntries(fieldWords.map((word) => [word, is('field', word)]));

async function show(context: Context, words: Words): Promise<number | void> {
  const which = words.done ? 'all' : words.next(), { options, out } = context;
  const place: Grammar = which === 'interfaces' ? nothing : fieldRows, { field } = parse(place, words, {}, context) as { field?: string };
  if (!words.done) throw usage(`"${words.peek()}" is one word too many`);
  const all = which === 'all' || which === 'interfaces', names = all ? deviceNames(context) : [which];
  if (which === 'interfaces') {
    if (options.dryRun) return;
    return void out.write(options.json ? `${toJson(names, options.pretty)}\n` : names.length > 0 ? `${names.join(' ')}\n` : '');
  }
  const told: Record<string, unknown> = {}, now = Math.floor(Date.now() / 1000);
  let failed: unknown, between = '';
  for (const name of names) {
    try {
      const device = await deviceNamed(context, name);
      if (!device || options.dryRun) continue;
      if (options.json) told[device.ifname ?? name] = json(context, device, field);
      else if (field !== undefined) out.write(fieldLines(context, device, field, all));
      else out.write(between + pretty(context, device, colored(context), now));
      between = '\n';
    } catch (error) {
      // One that goes away meanwhile keeps the others from nothing.
      if (!all || names.length === 1) throw error;
      failed = error;
      out.error(`note: ${name}: ${(error as Error).message}`);
    }
  }
  if (options.dryRun) return;
  if (failed !== undefined && between === '') throw failed;
  if (options.json) out.write(`${toJson(told, options.pretty)}\n`);
}

async function showconf(context: Context, words: Words): Promise<void> {
  const name = only(words, context, 'showconf');
  if (context.options.json) throw usage('a configuration file is not JSON', `nlkit wg -j show ${name} dump`);
  const device = await deviceNamed(context, name);
  if (device && !context.options.dryRun) context.out.write(configText(context, device));
}

// Changing.

const next: Grammar = { peer: { ...to('peer', publicKey), last: true, help: 'a peer by its public key: what follows is about it' } };
const deviceRows: Grammar = {
  'listen-port': to('listenPort', listenPort), fwmark: to('fwmark', fwmark), 'private-key': to('privateKey', keyFile, '/dev/null: none'), ...next,
};
const peerRows: Grammar = {
  remove: act((draft) => flagged(draft as PeerDraft, 'removeMe')), 'preshared-key': to('presharedKey', keyFile, '/dev/null: none'), endpoint: to('at', endpoint),
  'persistent-keepalive': to('persistentKeepaliveInterval', keepalive), 'allowed-ips': act(storePrefixes, prefixes, { repeat: true, help: 'in place of those there are; with signs, beside them and from among them' }), ...next,
};

async function set(context: Context, words: Words): Promise<void> {
  const name = words.next('set');
  if (words.done) throw usage('what is to be set?', `wg set ${name} listen-port 51820`);
  const { peer: first, ...own } = parse(deviceRows, words, {}, context), peers: PeerDraft[] = [];
  for (let key = first; key !== undefined;) {
    const { peer: following, ...peer } = parse(peerRows, words, { publicKey: key }, context);
    peers.push(peer);
    key = following;
  }
  await change(context, name, { ...own, peers: await located(context, peers) });
}

/** From a file. @param how in place of what there is, beside it, or what differs from it */
function fromFile(summary: string, how: 'set' | 'add' | 'sync'): Command {
  return {
    summary,
    examples: [`wg ${how}conf wg0 FILE`],
    usage: 'INTERFACE FILE',
    options: { '': to('device', deviceName) },
    places: [deviceName, fileName],
    unlogged: true,
    async run(context, words) {
      const name = words.next(`${how}conf`), given = await readConfig(context, only(words, context, name));
      if (how === 'add') return change(context, name, given);
      const whole: WireguardDevice = { privateKey: new Uint8Array(WIREGUARD_KEY_LENGTH), listenPort: 0, fwmark: 0, ...given, flags: ['replacePeers'] };
      const there = how === 'sync' && whole.peers?.length ? await deviceNamed(context, name) : undefined;
      await change(context, name, there ? synced(whole, there) : whole);
    },
  };
}

// Keys.

/** A new key on standard output; what is written into a file that all may read is no secret. */
function generated(summary: string, make: () => Uint8Array): Command {
  return {
    summary,
    options: nothing,
    run(context, words) {
      parse(nothing, words, {}, context);
      const stat = fstatSync(1);
      if (stat.isFile() && (stat.mode & 0o007) !== 0) context.out.error('note: everybody may use the file that this is written to ("umask 077" before it is made)');
      context.out.write(`${wireguardKeyText(make())}\n`);
    },
  };
}

/** For examples: nobody's. */
const SOME_KEY = 'xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=';

export const wg: Command = {
  summary: 'WireGuard: keys, peers, and what they have said',
  examples: ['wg', 'wg show wg0 dump', 'wg genkey | tee key | nlkit wg pubkey', 'wg set wg0 listen-port 51820 private-key FILE', `wg set wg0 peer ${SOME_KEY} allowed-ips 10.0.0.2/32 endpoint 192.0.2.1:51820`, 'wg syncconf wg0 FILE'],
  usage: '[ OPTIONS ] { show | showconf | set | setconf | addconf | syncconf | genkey | genpsk | pubkey } ...',
  otherwise: 'show',
  commands: {
    show: {
      summary: 'print devices and their peers, or a field of them',
      examples: ['wg show', 'wg show wg0', 'wg show all latest-handshakes', 'wg -j show wg0 dump'],
      usage: `[ INTERFACE | all | interfaces ] [ ${fieldWords.join(' | ')} ]`,
      options: { ...fieldRows, '': to('device', { ...deviceName, choices: ['all', 'interfaces'] }) },
      run: show,
    },
    showconf: { summary: 'print a device as a configuration file', examples: ['wg showconf wg0'], usage: 'INTERFACE', options: { '': to('device', deviceName) }, run: showconf },
    set: {
      summary: 'change a device and its peers',
      examples: ['wg set wg0 listen-port 51820 private-key FILE', `wg set wg0 peer ${SOME_KEY} allowed-ips 10.0.0.2/32,fd00::2/128 endpoint [2001:db8::1]:51820`, `wg set wg0 peer ${SOME_KEY} allowed-ips +10.1.0.0/16`, `wg set wg0 peer ${SOME_KEY} remove`],
      usage: 'INTERFACE [ listen-port PORT ] [ fwmark MARK ] [ private-key FILE ] [ peer KEY [ remove ] [ preshared-key FILE ] [ endpoint HOST:PORT ] [ persistent-keepalive SECONDS ] [ allowed-ips PREFIX[,...] ] ] ...',
      options: { ...deviceRows, ...peerRows },
      places: [deviceName],
      unlogged: true,
      run: set,
    },
    setconf: fromFile('a configuration file in place of what there is', 'set'),
    addconf: fromFile('a configuration file beside what there is', 'add'),
    syncconf: fromFile('what a configuration file changes; peers that it leaves alone go on', 'sync'),
    genkey: generated('a new private key', newPrivateKey),
    genpsk: generated('a new preshared key', newPresharedKey),
    pubkey: {
      summary: 'the public key of the private key on standard input',
      examples: ['wg genkey | tee key | nlkit wg pubkey'],
      options: nothing,
      run(context, words) {
        parse(nothing, words, {}, context);
        const key = parseWireguardKey(readFileSync(0, 'utf8').replace(/[\s\0]+$/, ''));
        if (!key) throw usage('what standard input has is not a private key', '44 letters of base64, as "wg genkey" prints them');
        context.out.write(`${wireguardKeyText(publicKeyOf(key))}\n`);
      },
    },
  },
};
