/** Error correction, energy, timestamps, tunnels, modules, a driver's own switches, and the address that a link was made with. */
import { at, parse, to, type Command } from '../grammar.ts';
import type { Body } from '../kernel.ts';
import { Printer } from '../print/printer.ts';
import { byName } from '../links.ts';
import { anyOf, deviceName, onOff, oneOf, u32 } from '../values.ts';
import { usage } from '../errors.ts';
import { didYouMean } from '../words.ts';
import { ask, bitsByName, bitsOf, device, maskOf, nameOf, onlyBits, switches, type Bitset } from './ask.ts';
import { modesLine } from './modes.ts';
import { set, show, type Shown } from './show.ts';

// -- forward error correction -------------------------------------------------------------------------------

/** Encodings: word, link mode, what it is called in print. `auto` is no mode. */
const encodings: readonly (readonly [word: string, mode: string, printed: string])[] = [['off', 'None', 'Off'], ['rs', 'RS', 'RS'], ['baser', 'BASER', 'BaseR'], ['llrs', 'LLRS', 'LLRS']];
const printedMode = (mode: string): string => encodings.find(([, one]) => one === mode)?.[2] ?? mode;

function counter(printer: Printer, key: string, values: readonly bigint[] | undefined): void {
  if (!values?.length) return;
  const [total, ...lanes] = values;
  printer.object(key, () => {
    printer.value('total', `  ${key}: %\n`, total);
    if (lanes.length > 0) printer.list('lanes', lanes, lanes.map((value, lane) => `    Lane ${lane}: ${value}\n`).join(''));
  });
}
const listed = (printer: Printer, key: string, label: string, names: readonly string[]): void => printer.list(key, names, `${label}${names.map((name) => ` ${name}`).join('')}\n`);

export const fec: Shown = {
  message: 'fecGet', statistics: true,
  print(printer, body, asked) {
    const modes = asked.namesOf('linkModes', body['modes'] as Bitset).map(printedMode), active = body['active'] as number | undefined;
    const configured = [...(body['auto'] ? ['Auto'] : []), ...modes];
    printer.value('ifname', 'FEC parameters for %:\n', nameOf(body));
    listed(printer, 'config', 'Supported/Configured FEC encodings:', configured.length > 0 ? configured : ['None']);
    listed(printer, 'active', 'Active FEC encoding:', active === undefined ? ['None'] : asked.named('linkModes', [active]).map(printedMode));
    const stats = body['stats'] as Record<string, readonly bigint[]> | undefined;
    if (!stats) return;
    printer.text('Statistics:\n');
    printer.object('statistics', () => { for (const [name, key] of [['corrected_blocks', 'corrected'], ['uncorrectable_blocks', 'uncorr'], ['corrected_bits', 'corrBits']] as const) counter(printer, name, stats[key]); });
  },
};
export const showFec = show('print how errors are corrected', '--show-fec eth0', { ...fec, flags: ['compactBitsets'] });
export const setFec: Command = {
  summary: 'say how errors are corrected',
  usage: `DEVNAME encoding { auto | ${encodings.map(([name]) => name).join(' | ')} } ...`,
  options: device, places: [deviceName, anyOf('encoding', 'auto', ...encodings.map(([name]) => name))], unlogged: true,
  examples: ['ethtool --set-fec eth0 encoding rs'],
  async run(context, words) {
    const asked = await ask(context, words), all = ['auto', ...encodings.map(([name]) => name)];
    if (!words.take('encoding') || words.done) throw usage('which encoding?', didYouMean('', all));
    const given = words.rest().map((one) => one.toLowerCase());
    for (const one of given) if (!all.includes(one)) throw usage(`"${one}" is not an encoding`, didYouMean(one, all));
    asked.change('fecSet', { modes: onlyBits(encodings.filter(([name]) => given.includes(name)).map(([, mode]) => mode)), auto: Number(given.includes('auto')) });
  },
};

// -- energy-efficient Ethernet ------------------------------------------------------------------------------

export const eee: Shown = {
  message: 'eeeGet', flags: ['compactBitsets'], plain: true,
  print(printer, body, asked) {
    const ours = body['modesOurs'] as Bitset, supported = maskOf(ours), { enabled, active, txLpiEnabled, txLpiTimer } = body as Record<string, number>;
    printer.text(`EEE settings for ${nameOf(body)}:\n`);
    if (supported.size === 0) return printer.text('\tEEE status: not supported\n');
    printer.text(`\tEEE status: ${enabled ? `enabled - ${active ? 'active' : 'inactive'}` : 'disabled'}\n`);
    printer.text(`\tTx LPI: ${txLpiEnabled ? `${txLpiTimer} (us)` : 'disabled'}\n`);
    const modes = (label: string, set: Set<number>): void => printer.text(modesLine(asked.names('linkModes'), set, 'real', label));
    modes('Supported EEE link modes:  ', supported);
    modes('Advertised EEE link modes:  ', bitsOf(ours));
    modes('Link partner advertised EEE link modes:  ', bitsOf(body['modesPeer'] as Bitset));
  },
};
export const showEee = show('print whether the link saves energy', '--show-eee eth0', eee);
export const setEee = set('let the link save energy', '--set-eee eth0 eee on', 'eeeSet', { eee: to('enabled', onOff), 'tx-lpi': to('txLpiEnabled', onOff), 'tx-timer': to('txLpiTimer', u32('MICROSECONDS')) });

// -- timestamps ---------------------------------------------------------------------------------------------

export const timestamps: Shown = {
  message: 'tsinfoGet', plain: true,
  print(printer, body, asked) {
    const list = (label: string, set: string, key: string): void => {
      const names = asked.namesOf(set, body[key] as Bitset);
      printer.text(`${label}:${names.length > 0 ? names.map((name) => `\n\t${name}`).join('') : ' none'}\n`);
    };
    printer.text(`Time stamping parameters for ${nameOf(body)}:\n`);
    list('Capabilities', 'sofTimestamping', 'timestamping');
    printer.text(`PTP Hardware Clock: ${String(body['phcIndex'] ?? 'none')}\n`);
    list('Hardware Transmit Timestamp Modes', 'tsTxTypes', 'txTypes');
    list('Hardware Receive Filter Modes', 'tsRxFilters', 'rxFilters');
  },
};
export const showTimestamps = show('print which timestamps packets can have', '-T eth0', timestamps);

// -- tunnels ------------------------------------------------------------------------------------------------

const tunnelName = (type: unknown): string => ({ vxlan: 'vxlan', geneve: 'geneve', vxlanGpe: 'vxlan-gpe' })[String(type)] ?? String(type);
export const showTunnels = show('print the UDP ports that the device takes apart', '--show-tunnels eth0', {
  message: 'tunnelInfoGet', plain: true, joined: true,
  print(printer, body, asked) {
    printer.text(`Tunnel information for ${nameOf(body)}:\n`);
    for (const [i, { size, types, entry = [] }] of ((at(body, 'udpPorts.table') ?? []) as { size: number; types: Bitset; entry?: { port: number; type: unknown }[] }[]).entries()) {
      const names = asked.namesOf('udpTunnelTypes', types);
      printer.text(`  UDP port table ${i}: \n    Size: ${size}\n    Types: ${names.length > 0 ? names.join(', ') : 'None (static entries)'}\n`);
      printer.text(entry.length > 0 ? `    Entries (${entry.length}):\n${entry.map(({ port, type }) => `        port ${port}, ${tunnelName(type)}\n`).join('')}` : '    No entries\n');
    }
  },
});

// -- modules ------------------------------------------------------------------------------------------------

export const module: Shown = {
  message: 'moduleGet',
  print(printer, body) {
    printer.sheet([['ifname', 'Module parameters for %:\n', nameOf], ['power-mode-policy', 'power-mode-policy %\n', 'powerModePolicy'], ['power-mode', 'power-mode %\n', 'powerMode']], body);
  },
};
export const showModule = show('print when a plugged module draws power', '--show-module eth0', module);
export const setModule = set('say when a plugged module draws power', '--set-module eth0 power-mode-policy auto', 'moduleSet', { 'power-mode-policy': to('powerModePolicy', oneOf('high', 'auto')) });

// -- a driver's own switches --------------------------------------------------------------------------------

export const privateFlags: Shown = {
  message: 'privflagsGet', flags: ['compactBitsets'], plain: true,
  print(printer, body, asked) {
    const names = asked.names('privFlags', true), set = bitsOf(body['flags'] as Bitset), width = Math.max(0, ...names.map(({ length }) => length));
    printer.text(`Private flags for ${nameOf(body)}:\n${names.map((name, bit) => `${name.padEnd(width)}: ${set.has(bit) ? 'on' : 'off'}\n`).join('')}`);
  },
};
export const showPrivateFlags = show('print switches of the driver\'s own', '--show-priv-flags eth0', privateFlags);
export const setPrivateFlags: Command = {
  summary: 'turn switches of the driver\'s own', usage: 'DEVNAME { FLAG { on | off } } ...', options: device, unlogged: true, examples: ['ethtool --set-priv-flags eth0 legacy-rx off'],
  async run(context, words) {
    const asked = await ask(context, words);
    asked.change('privflagsSet', { flags: bitsByName(switches(words)) });
  },
};

// -- the permanent address ----------------------------------------------------------------------------------

/** It is rtnetlink that tells it. */
export const showAddress: Command = {
  summary: 'print the address that the link was made with', usage: 'DEVNAME', options: device, examples: ['ethtool -P eth0'],
  run(context, words) {
    const name = words.next('-P');
    parse({}, words, {}, context);
    const link = context.kernel.get('getlink', { family: 'unspec', ...byName(name) }) as Body | undefined;
    if (!link) return;
    const printer = new Printer(context), address = link['permAddress'];
    printer.object(null, () => {
      printer.value('ifname', null, link['ifname']);
      printer.value('permAddress', 'Permanent address: %\n', address ?? null, { text: (value) => (value === null ? 'not set' : String(value)), json: (value) => value ?? undefined });
    });
    printer.finish();
  },
};
