/** What `ethtool DEVNAME` prints: speed, port, what wakes the machine, what is logged, carrier. */
import { parse, type Command } from '../grammar.ts';
import type { Body } from '../kernel.ts';
import { Printer } from '../print/printer.ts';
import { exits } from '../errors.ts';
import { ask, bitsOf, device, maskOf, nameOf, readable, unsaid, type Asked, type Bitset } from './ask.ts';
import { modesLine, modesOf } from './modes.ts';
import { reason } from './reasons.ts';
import { wakes } from './wake.ts';

type Settings = Readonly<Record<'linkmodes' | 'linkinfo' | 'wol' | 'debug' | 'linkstate', Body | undefined>>;
type Part = (body: Body, asked: Asked) => string;

const yesNo = (value: unknown): string => (value ? 'Yes' : 'No');
/** What frames of flow control may be, by the two bits. */
const pauses = ['No', 'Symmetric', 'Transmit-only', 'Symmetric Receive-only'];

function modes(names: readonly string[], set: Set<number>, who: string, whose: string): string {
  const autoneg = modesOf(names, set, 'autoneg').length > 0, pause = modesOf(names, set, 'pause').map(([, name]) => name);
  return [
    modesLine(names, set, 'real', `${who} link modes:${who === 'Supported' ? '   ' : '  '}`),
    `\t${who} pause frame use: ${pauses[Number(pause.includes('Pause')) + 2 * Number(pause.includes('Asym_Pause'))]}\n`,
    `\t${whose} auto-negotiation: ${yesNo(autoneg)}\n`,
    modesLine(names, set, 'fec', `${who} FEC modes: `),
  ].join('');
}

const masterSlave: Readonly<Record<string, string>> = { masterPreferred: 'preferred master', slavePreferred: 'preferred slave', masterForce: 'forced master', slaveForce: 'forced slave', err: 'resolution error' };
const duplexes: Readonly<Record<string, string>> = { half: 'Half', full: 'Full', unknown: 'Unknown! (255)' };
/** Mbit/s that stand for not known. */
const unknownSpeeds: readonly number[] = [0, 0xffff, 0xffffffff];

interface LinkModes { readonly ours?: Bitset; readonly peer?: Bitset; readonly speed?: number; readonly lanes?: number; readonly autoneg?: number }
const linkmodes: Part = (body, asked) => {
  const names = asked.names('linkModes'), { ours, peer, speed, lanes, autoneg } = body as LinkModes, { duplex, masterSlaveCfg, masterSlaveState } = body as Record<string, string | number | undefined>;
  const role = (label: string, value: string | number | undefined): string => (value === undefined || value === 'unsupported' ? '' : `\tmaster-slave ${label}: ${masterSlave[value] ?? value}\n`);
  return [
    ours ? `\tSupported ports: [ ${modesOf(names, maskOf(ours), 'port').map(([, name]) => name).join('\t ')} ]\n` : '',
    ours ? modes(names, maskOf(ours), 'Supported', 'Supports') + modes(names, bitsOf(ours), 'Advertised', 'Advertised') : '',
    peer ? modes(names, bitsOf(peer), 'Link partner advertised', 'Link partner advertised') : '',
    speed === undefined ? '' : `\tSpeed: ${unknownSpeeds.includes(speed) ? 'Unknown!' : `${speed}Mb/s`}\n`,
    lanes === undefined ? '' : `\tLanes: ${lanes}\n`,
    duplex === undefined ? '' : `\tDuplex: ${duplexes[duplex] ?? `Unknown! (${duplex})`}\n`,
    autoneg === undefined ? '' : `\tAuto-negotiation: ${autoneg ? 'on' : 'off'}\n`,
    role('cfg', masterSlaveCfg), role('status', masterSlaveState),
  ].join('');
};

const ports: Readonly<Record<string, string>> = { tp: 'Twisted Pair', aui: 'AUI', bnc: 'BNC', mii: 'MII', fibre: 'FIBRE', da: 'Direct Attach Copper', none: 'None', other: 'Other' };
const crossed: Readonly<Record<string, string>> = { mdi: 'off', mdiX: 'on' };
const linkinfo: Part = ({ port, phyaddr, transceiver, tpMdix, tpMdixCtrl }) => {
  const forced = crossed[String(tpMdixCtrl)], known = port === 'tp' && tpMdix !== undefined && tpMdixCtrl !== undefined;
  return [
    port === undefined ? '' : `\tPort: ${ports[String(port)] ?? `Unknown! (${String(port)})`}\n`,
    phyaddr === undefined ? '' : `\tPHYAD: ${String(phyaddr)}\n`,
    transceiver === undefined ? '' : `\tTransceiver: ${typeof transceiver === 'string' ? transceiver : 'Unknown!'}\n`,
    known ? `\tMDI-X: ${forced === undefined ? `${crossed[String(tpMdix)] ?? 'Unknown'}${tpMdixCtrl === 'mdiAuto' ? ' (auto)' : ''}` : `${forced} (forced)`}\n` : '',
  ].join('');
};

const letters = (set: Set<number>): string => wakes.filter((_, bit) => set.has(bit)).map(([letter]) => letter).join('') || 'd';
const wol: Part = ({ modes: set, sopass }) => [
  `\tSupports Wake-on: ${letters(maskOf(set as Bitset))}\n\tWake-on: ${letters(bitsOf(set as Bitset))}\n`,
  sopass instanceof Uint8Array ? `        SecureOn password: ${[...sopass].map((byte) => byte.toString(16).padStart(2, '0')).join(':')}\n` : '',
].join('');

const debug: Part = ({ msgmask }, asked) => {
  const set = [...bitsOf(msgmask as Bitset)].sort((a, b) => a - b), value = set.reduce((sum, bit) => sum + 2 ** bit, 0);
  return `        Current message level: 0x${value.toString(16).padStart(8, '0')} (${value})\n${' '.repeat(30)}${asked.named('msgClasses', set).map((name) => ` ${name}`).join('')}\n`;
};

const linkstate: Part = ({ link, sqi, sqiMax, extState, extSubstate }) => [
  sqi === undefined ? '' : `\tSQI: ${String(sqi)}${sqiMax === undefined ? '' : `/${String(sqiMax)}`}\n`,
  link === undefined ? '' : `\tLink detected: ${link ? 'yes' : 'no'}${extState === undefined ? '' : reason(extState as string | number, extSubstate as number | undefined)}\n`,
].join('');

/** In the order of print; asked for with bits as bitmaps. */
const parts: Readonly<Record<keyof Settings, Part>> = { linkmodes, linkinfo, wol, debug, linkstate };
/** Events name their message. */
export const partOf = (message: string): Part | undefined => parts[message as keyof Settings];

export const showSettings: Command = {
  summary: 'print speed, port and carrier of a link', usage: 'DEVNAME | *', options: device, examples: ['ethtool eth0'],
  async run(context, words) {
    const asked = await ask(context, words, true), all: Record<string, Body[]> = {};
    parse({}, words, {}, context);
    for (const key of Object.keys(parts)) all[key] = tolerant(() => asked.answers(`${key}Get`, context.options.json ? [] : ['compactBitsets']));
    if (context.options.dryRun) return;
    const printer = new Printer(context);
    let some = false;
    for (const device of new Set(Object.values(all).flat().map(nameOf))) {
      const own = Object.fromEntries(Object.entries(all).map(([key, bodies]) => [key, bodies.find((body) => nameOf(body) === device)])) as Settings;
      const text = Object.entries(parts).map(([key, part]) => { const body = own[key as keyof Settings]; return body ? part(body, asked) : ''; }).join('');
      if (text === '') continue;
      if (printer.json) printer.object(null, () => { printer.value('header', null, { devName: device }); for (const [key, value] of Object.entries(own)) if (value) printer.value(key, null, readable(withoutHeader(value))); });
      else printer.text(`${asked.all ? '\n' : ''}Settings for ${device}:\n${text}`);
      some = true;
    }
    printer.finish();
    if (some) return exits.ok;
    if (!printer.json) context.out.write('No data available\n');
    return exits.refused;
  },
};
const withoutHeader = ({ cmd: _cmd, version: _version, header: _header, ...rest }: Body): Body => rest;

/** What a driver does not have, or does not tell everybody, is left out. */
function tolerant(question: () => Body[]): Body[] {
  try {
    return question();
  } catch (error) {
    if (unsaid(error)) return [];
    throw error;
  }
}
