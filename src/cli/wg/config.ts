/** wg's configuration files: `[Interface]` and `[Peer]`, each key a row of a table as the words of `set` are. */
import { readFileSync } from 'node:fs';
import type { WireguardDevice } from '../../families/generic/wireguard.ts';
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { act, store, to, type Draft, type Row } from '../grammar.ts';
import { didYouMean, Words } from '../words.ts';
import { endpoint, fwmark, keepalive, listenPort, located, prefixes, publicKey, secretKey, storePrefixes, type PeerDraft } from './values.ts';

const sections: Readonly<Record<string, Readonly<Record<string, Row>>>> = {
  Interface: { ListenPort: to('listenPort', listenPort), FwMark: to('fwmark', fwmark), PrivateKey: to('privateKey', secretKey) },
  Peer: {
    PublicKey: to('publicKey', publicKey), PresharedKey: to('presharedKey', secretKey), AllowedIPs: act(storePrefixes, prefixes), Endpoint: to('at', endpoint),
    PersistentKeepalive: to('persistentKeepaliveInterval', keepalive),
  },
};
/** Keys in a file are of any case. */
const named = (name: string, table: object): string | undefined => Object.keys(table).find((key) => key.toLowerCase() === name.toLowerCase());

interface Config { readonly device: WireguardDevice; readonly peers: readonly PeerDraft[] }

function parseLines(text: string, context: Context): Config {
  const device: Draft = {}, peers: PeerDraft[] = [];
  let section: string | undefined, draft = device;
  for (const [index, given] of text.split('\n').entries()) {
    const line = given.replace(/#.*/, '').replace(/\s/g, '');
    if (line === '') continue;
    try {
      const [, header] = /^\[(.*)\]$/.exec(line) ?? [];
      if (header !== undefined) {
        section = named(header, sections);
        if (section === undefined) throw usage(`"[${header}]" is not a section`, didYouMean(header, Object.keys(sections)));
        if (section === 'Peer') peers.push((draft = { flags: ['replaceAllowedips'] }) as PeerDraft);
        else draft = device;
        continue;
      }
      if (section === undefined) throw usage('what is before a section belongs to nothing', '[Interface] or [Peer]');
      const rows = sections[section] as Record<string, Row>, at = line.indexOf('='), key = at < 0 ? undefined : named(line.slice(0, at), rows);
      if (key === undefined) throw usage(`"${at < 0 ? line : line.slice(0, at)}" is not a key of [${section}]`, didYouMean(at < 0 ? line : line.slice(0, at), Object.keys(rows)));
      const row = rows[key] as Row, value = row.type?.read(new Words([line.slice(at + 1)]), context, key);
      if (row.path !== undefined) store(draft, row.path, value);
      row.apply?.(draft, value, context, new Words([]));
    } catch (error) {
      throw Object.assign(error as Error, { message: `line ${index + 1}: ${(error as Error).message}` });
    }
  }
  if (peers.some((peer) => peer.publicKey === undefined)) throw usage('a peer has no PublicKey');
  return { device: device as WireguardDevice, peers };
}

/** What a file says. */
export async function readConfig(context: Context, path: string): Promise<WireguardDevice> {
  let text: string;
  try {
    text = readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    throw usage(`cannot read "${path}": ${(error as Error).message}`);
  }
  try {
    const { device, peers } = parseLines(text, context);
    return { ...device, peers: await located(context, peers) };
  } catch (error) {
    throw Object.assign(error as Error, { message: `${path}: ${(error as Error).message}` });
  }
}
