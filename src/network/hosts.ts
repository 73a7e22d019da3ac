/** Who has which address in a network, by the containers' names and aliases, as hosts(5). */
import { readFileSync } from 'node:fs';
import { bare } from './names.ts';
import { hostsPath, readRecord, replaceRecord, type Attachment } from './store.ts';

/** An address, and what it is called. */
export interface Host { readonly address: string; readonly names: readonly string[] }

/** What every such file begins with: it may stand in the place of /etc/hosts. */
const OWN: readonly Host[] = [{ address: '127.0.0.1', names: ['localhost'] }, { address: '::1', names: ['localhost', 'ip6-localhost', 'ip6-loopback'] }], owned = new Set(OWN.flatMap(({ names }) => names));

/** Of names that mean everybody's own, nothing is said. */
export const hostsOf = (container: string, { addresses, aliases }: Pick<Attachment, 'addresses' | 'aliases'>): Host[] =>
  (owned.has(container) ? [] : addresses.map((address) => ({ address: bare(address), names: [container, ...aliases.filter((alias) => !owned.has(alias))] })));
/** Of all containers; an engine that plugs in its containers itself names them itself. */
export const hostsIn = (containers: Readonly<{ [name: string]: Attachment }>): Host[] => Object.entries(containers).flatMap(([name, one]) => (one.lent ? [] : hostsOf(name, one)));
const lineOf = ({ address, names }: Host): string => `${address}\t${names.join(' ')}\n`;
export const hostsText = (hosts: readonly Host[]): string => [...OWN, ...hosts].map(lineOf).join('');

/** Puts a container's lines in the place of those that it had, or several had; the rest of the file stays, and is made from the records when there is none. */
export function replaceHosts(state: string, network: string, container: string | readonly string[], hosts: readonly Host[]): void {
  const path = hostsPath(state, network);
  let text: string;
  try { text = readFileSync(path, 'utf8'); } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    text = hostsText(hostsIn(readRecord(state, network)?.containers ?? {}));
  }
  const own = new Set(hostsText([]).split('\n')), replaced = new Set([container].flat());
  const others = text.split('\n').filter((line) => line !== '' && (own.has(line) || !replaced.has(line.split(/[\t ]/)[1] as string))).map((line) => `${line}\n`);
  replaceRecord(path, [...others, ...hosts.map(lineOf)].join(''), 'process');
}
