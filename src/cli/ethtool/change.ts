/** What `ethtool -s` changes: speed and modes, port, what wakes the machine, what is logged. */
import { usage } from '../errors.ts';
import { to, type Command, type Draft, type Grammar, type ValueType } from '../grammar.ts';
import { choice, onOff, parseInteger, u32, u8, word } from '../values.ts';
import { ask, bitsByName, device, onlyBits, parameters } from './ask.ts';
import { wakes } from './wake.ts';

/** `N[/MASK]`, as bits of 32. */
function maskedBits(given: string, after: string): object {
  const [value, mask] = given.split('/').map((one) => parseInteger(/^[0-9a-f]+$/i.test(one) && after === 'advertise' ? `0x${one}` : one));
  const numbers = (bits: bigint): number[] => [...Array(Number(bits.toString(2).length)).keys()].filter((bit) => (bits >> BigInt(bit)) & 1n);
  if (value === undefined || value < 0n || (given.includes('/') && mask === undefined)) throw usage(`"${given}" is not a number for "${after}"`, 'N, or N/MASK');
  if (mask === undefined) return { nomask: true, bits: { bit: numbers(value).map((index) => ({ index })) } };
  return { bits: { bit: numbers(mask).map((index) => ({ index, ...((value >> BigInt(index)) & 1n && { value: true }) })) } };
}

const switched = (given: string | undefined): boolean => given === 'on' || given === 'off';
/** A number under a mask, or names with on and off, until "--" or what has neither. */
const bits: ValueType = {
  name: '{ N[/MASK] | NAME { on | off } ... [ -- ] }',
  read(words, _context, after) {
    const follows = (): boolean => switched(words.all[words.at + 1]);
    if (!follows()) return maskedBits(words.next(after), after);
    const wanted = new Map<string, boolean>();
    while (!words.done && follows()) {
      const name = words.next();
      wanted.set(name, words.next(name) === 'on');
    }
    words.take('--');
    return bitsByName(wanted);
  },
};

const wakeWords = word('{ N[/MASK] | p|u|m|b|a|g|s|f|d ... }', (given, _context, after) => {
  if (/^\d/.test(given)) return maskedBits(given, after);
  const unknown = [...given].find((letter) => letter !== 'd' && !wakes.some(([one]) => one === letter));
  if (unknown !== undefined) throw usage(`"${unknown}" is nothing that wakes`, `known are ${wakes.map(([letter]) => letter).join(', ')} and d`);
  return onlyBits(given.includes('d') ? [] : wakes.filter(([letter]) => given.includes(letter)).map(([, name]) => name));
});
const password = word('XX:XX:XX:XX:XX:XX', (given, _context, after) => {
  if (!/^([0-9a-f]{1,2}:){5}[0-9a-f]{1,2}$/i.test(given)) throw usage(`"${given}" is not a password for "${after}"`, 'six bytes: 01:02:03:04:05:06');
  return Uint8Array.from(given.split(':'), (byte) => Number.parseInt(byte, 16));
});

/** Each goes into the message of its group. */
const rows: Grammar = {
  speed: to('linkmodes.speed', u32('MBIT')),
  lanes: to('linkmodes.lanes', u32('N')),
  duplex: to('linkmodes.duplex', choice({ half: 'half', full: 'full' })),
  autoneg: to('linkmodes.autoneg', onOff),
  advertise: to('linkmodes.ours', bits),
  'master-slave': to('linkmodes.masterSlaveCfg', choice({ 'preferred-master': 'masterPreferred', 'preferred-slave': 'slavePreferred', 'forced-master': 'masterForce', 'forced-slave': 'slaveForce' })),
  port: to('linkinfo.port', choice({ tp: 'tp', aui: 'aui', bnc: 'bnc', mii: 'mii', fibre: 'fibre', da: 'da' })),
  mdix: to('linkinfo.tpMdixCtrl', choice({ auto: 'mdiAuto', on: 'mdiX', off: 'mdi' })),
  phyad: to('linkinfo.phyaddr', u8('N')),
  wol: to('wol.modes', wakeWords),
  sopass: to('wol.sopass', password),
  msglvl: to('debug.msgmask', bits),
};

export const change: Command = {
  summary: 'set speed, port, what wakes, what is logged',
  usage: 'DEVNAME OPTIONS', options: { ...device, ...rows }, unlogged: true,
  examples: ['ethtool -s eth0 speed 1000 duplex full autoneg off', 'ethtool -s eth0 wol g', 'ethtool -s eth0 msglvl drv on probe off', 'ethtool -s eth0 advertise 0x20'],
  async run(context, words) {
    const asked = await ask(context, words), draft = parameters(rows, words, context);
    for (const [group, body] of Object.entries(draft)) asked.change(`${group}Set`, body as Draft);
  },
};
