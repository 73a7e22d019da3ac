/** Flow control, interrupts, rings and queues: each printed from a sheet, and set by the parameters beside it. */
import { at, to } from '../grammar.ts';
import type { Cell, Sheet } from '../print/printer.ts';
import { onOff, u32 } from '../values.ts';
import { nameOf } from './ask.ts';
import { set, show, type Shown } from './show.ts';

/** What a driver does not say is n/a in text, and nothing in JSON. */
const number = (label: string, path: string): Cell => [null, `${label}%\n`, (body) => body[path] ?? 'n/a'];
const yes = (label: string, path: string, key: string | null = null): Cell => [key, `${label}%`, (body) => body[path] ?? null, {
  text: (value) => (value === null ? 'n/a' : value ? 'on' : 'off'), json: (value) => (value === null ? undefined : Boolean(value)),
}];
const blank: Cell = [null, '%\n', () => ''];
const title = (text: string): Cell => ['ifname', `${text} for %:\n`, nameOf];

// -- pause frames -------------------------------------------------------------------------------------------

const pauseSheet: Sheet = [
  title('Pause parameters'),
  yes('Autonegotiate:\t', 'autoneg', 'autonegotiate'), blank, yes('RX:\t\t', 'rx', 'rx'), blank, yes('TX:\t\t', 'tx', 'tx'), blank,
];
export const pause: Shown = {
  message: 'pauseGet', statistics: true,
  print(printer, body, asked, alone) {
    printer.sheet(pauseSheet, body);
    // What both sides came to agree on (IEEE 802.3, table 28B-3).
    const modes = alone && body['autoneg'] ? asked.answer('linkmodesGet') : undefined;
    if (modes?.['ours'] && modes['peer']) {
      const [ours, peer] = ['ours', 'peer'].map((key) => offered(at(modes, key))) as [Offer, Offer];
      const both = ours.pause && peer.pause, rx = both || (ours.asym && peer.asym && ours.pause), tx = both || (ours.asym && peer.asym && peer.pause);
      printer.object('negotiated', () => { for (const [key, value] of [['rx', rx], ['tx', tx]] as const) printer.value(key, `${key.toUpperCase()} negotiated: %\n`, value, { text: () => (value ? 'on' : 'off') }); });
    }
    const { txFrames, rxFrames } = (body['stats'] ?? {}) as Record<string, unknown>;
    if (body['stats']) {
      printer.text('Statistics:\n');
      printer.object('statistics', () => { printer.value('tx_pause_frames', '  tx_pause_frames: %\n', txFrames); printer.value('rx_pause_frames', '  rx_pause_frames: %\n', rxFrames); });
    }
    if (alone) printer.text('\n');
  },
};
interface Offer { readonly pause: boolean; readonly asym: boolean }
function offered(set: unknown): Offer {
  const names = new Set(((at(set, 'bits.bit') ?? []) as { name: string; value?: boolean }[]).filter(({ value }) => value || at(set, 'nomask')).map(({ name }) => name));
  return { pause: names.has('Pause'), asym: names.has('Asym_Pause') };
}
export const showPause = show('print whether pause frames are sent and heeded', '-a eth0', pause);
export const setPause = set('send and heed pause frames', '-A eth0 rx on tx on', 'pauseSet', { autoneg: to('autoneg', onOff), rx: to('rx', onOff), tx: to('tx', onOff) });

// -- interrupts ---------------------------------------------------------------------------------------------

/** Word on the command line, key, what it is called in print where that is something else. */
const moderation: readonly (readonly [word: string, key: string, printed?: string])[] = [
  ['stats-block-usecs', 'statsBlockUsecs'], ['sample-interval', 'rateSampleInterval'], ['pkt-rate-low', 'pktRateLow'], ['pkt-rate-high', 'pktRateHigh'],
  ['rx-usecs', 'rxUsecs'], ['rx-frames', 'rxMaxFrames'], ['rx-usecs-irq', 'rxUsecsIrq'], ['rx-frames-irq', 'rxMaxFramesIrq'],
  ['tx-usecs', 'txUsecs'], ['tx-frames', 'txMaxFrames'], ['tx-usecs-irq', 'txUsecsIrq'], ['tx-frames-irq', 'txMaxFramesIrq'],
  ['rx-usecs-low', 'rxUsecsLow'], ['rx-frames-low', 'rxMaxFramesLow', 'rx-frame-low'], ['tx-usecs-low', 'txUsecsLow'], ['tx-frames-low', 'txMaxFramesLow', 'tx-frame-low'],
  ['rx-usecs-high', 'rxUsecsHigh'], ['rx-frames-high', 'rxMaxFramesHigh', 'rx-frame-high'], ['tx-usecs-high', 'txUsecsHigh'], ['tx-frames-high', 'txMaxFramesHigh', 'tx-frame-high'],
];
export const coalesce: Shown = {
  message: 'coalesceGet', plain: true,
  print(printer, body) {
    printer.sheet([title('Coalesce parameters'), yes('Adaptive RX: ', 'useAdaptiveRx'), yes('  TX: ', 'useAdaptiveTx'), blank], body);
    for (const [i, [word, key, printed = word]] of moderation.entries()) printer.sheet([number(`${printed}: `, key), ...(i % 4 === 3 ? [blank] : [])], body);
    printer.sheet([yes('CQE mode RX: ', 'useCqeModeRx'), yes('  TX: ', 'useCqeModeTx'), blank, blank], body);
  },
};
export const showCoalesce = show('print when the device interrupts', '-c eth0', coalesce);
export const setCoalesce = set('say when the device interrupts', '-C eth0 rx-usecs 50 adaptive-rx off', 'coalesceSet', {
  'adaptive-rx': to('useAdaptiveRx', onOff), 'adaptive-tx': to('useAdaptiveTx', onOff),
  ...Object.fromEntries(moderation.map(([word, key]) => [word, to(key, u32('N'))])),
  'cqe-mode-rx': to('useCqeModeRx', onOff), 'cqe-mode-tx': to('useCqeModeTx', onOff),
  'tx-aggr-max-bytes': to('txAggrMaxBytes', u32('N')), 'tx-aggr-max-frames': to('txAggrMaxFrames', u32('N')), 'tx-aggr-time-usecs': to('txAggrTimeUsecs', u32('N')),
});

// -- rings --------------------------------------------------------------------------------------------------

const split: Readonly<Record<string, string>> = { unknown: 'auto', disabled: 'off', enabled: 'on' };
export const rings: Shown = {
  message: 'ringsGet', plain: true,
  print(printer, body) {
    printer.sheet([
      title('Ring parameters'), [null, '%Pre-set maximums:\n', () => ''],
      number('RX:\t\t', 'rxMax'), number('RX Mini:\t', 'rxMiniMax'), number('RX Jumbo:\t', 'rxJumboMax'), number('TX:\t\t', 'txMax'),
      [null, '%Current hardware settings:\n', () => ''],
      number('RX:\t\t', 'rx'), number('RX Mini:\t', 'rxMini'), number('RX Jumbo:\t', 'rxJumbo'), number('TX:\t\t', 'tx'),
      number('RX Buf Len:\t\t', 'rxBufLen'), number('CQE Size:\t\t', 'cqeSize'), yes('TX Push:\t', 'txPush'), blank,
      [null, 'TCP data split:\t%\n', ({ tcpDataSplit: one }) => (one === undefined ? 'n/a' : split[String(one)] ?? `unknown(${String(one)})`)],
    ], body);
  },
};
export const showRings = show('print how long the rings are', '-g eth0', rings);
export const setRings = set('set how long the rings are', '-G eth0 rx 512', 'ringsSet', {
  rx: to('rx', u32('N')), 'rx-mini': to('rxMini', u32('N')), 'rx-jumbo': to('rxJumbo', u32('N')), tx: to('tx', u32('N')),
  'rx-buf-len': to('rxBufLen', u32('N')), 'cqe-size': to('cqeSize', u32('N')), 'tx-push': to('txPush', onOff), 'rx-push': to('rxPush', onOff),
  'tx-push-buf-len': to('txPushBufLen', u32('N')), 'hds-thresh': to('hdsThresh', u32('N')),
});

// -- queues -------------------------------------------------------------------------------------------------

const counted = (suffix: string): Cell[] => [
  number('RX:\t\t', `rx${suffix}`), number('TX:\t\t', `tx${suffix}`), number('Other:\t\t', `other${suffix}`), number('Combined:\t', `combined${suffix}`),
];
export const channels: Shown = {
  message: 'channelsGet', plain: true,
  print(printer, body) {
    printer.sheet([title('Channel parameters'), [null, '%Pre-set maximums:\n', () => ''], ...counted('Max'), [null, '%Current hardware settings:\n', () => ''], ...counted('Count')], body);
  },
};
export const showChannels = show('print how many queues there are', '-l eth0', channels);
export const setChannels = set('set how many queues there are', '-L eth0 combined 4', 'channelsSet', {
  rx: to('rxCount', u32('N')), tx: to('txCount', u32('N')), other: to('otherCount', u32('N')), combined: to('combinedCount', u32('N')),
});
