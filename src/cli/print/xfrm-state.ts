/** A state of IPsec; how many there are. */
import { XfrmUsersaInfo } from '../../families/xfrm/index.ts';
import { extraFlags, stateFlags } from '../xfrm-words.ts';
import type { Json, Printer } from './printer.ts';
import { printAttributes, printContext } from './xfrm-attributes.ts';
import { bits8, isIpsec, printFlags, printId, printLifetimes, printSelector } from './xfrm.ts';

/** No addresses, no ports, nothing. */
const isEmpty = (sel: Json): boolean => Object.values(sel).every((value) => value === 0 || value === 'unspec' || value === '::');

/** The state without its first word. @param state struct xfrm_usersa_info @param attributes What came with it */
function stateFields(printer: Printer, state: Json, attributes: Json, nokeys: boolean): void {
  const start = '\t', whole = printer.statistics > 0, flags = state['flags'] as (string | number)[], extra = attributes['saExtraFlags'] as (string | number)[] | undefined;
  printId(printer, state, '', isIpsec((state['id'] as Json)['proto']));
  printer.text(start);
  printer.value('replay_window', 'replay-window % ', state['replayWindow']);
  if (whole) printer.value('seq', 'seq % ', state['seq'], { text: (value) => `0x${String(value).padStart(8, '0')}` });
  if (whole || flags.length > 0) printFlags(printer, 'flag', flags, stateFlags);
  if (whole && extra) printFlags(printer, 'extra_flag', extra, extraFlags);
  if (whole) printer.text(` (0x${bits8(XfrmUsersaInfo.fields.flags, flags)})`);
  printer.newline();
  printAttributes(printer, attributes, { family: state['family'], start, nokeys });
  if (!isEmpty(state['sel'] as Json)) {
    printer.text(`${start}sel `);
    printer.object('sel', () => printSelector(printer, state['sel'] as Json, state['family']));
  }
  if (whole) {
    printLifetimes(printer, state, start);
    const { replayWindow, replay, integrityFailed } = state['stats'] as Json;
    printer.text(`${start}stats:`);
    printer.newline();
    printer.text(`${start}  `);
    printer.object('stats', () => {
      printer.value('replay_window', 'replay-window % ', replayWindow);
      printer.value('replay', 'replay % ', replay);
      printer.value('failed', 'failed %', integrityFailed);
    });
    printer.newline();
  }
  printContext(printer, attributes['secCtx'] as Json | undefined);
}

/** What text says of a message before the state. */
const verbs: Readonly<Record<string, string>> = { delsa: 'Deleted ', updsa: 'Updated ', expire: 'Expired ' };

/** NEWSA, UPDSA, DELSA or EXPIRE. */
export function printState(printer: Printer, message: string, body: Json, nokeys = false): void {
  const state = message === 'delsa' ? body['usersa'] : message === 'expire' ? body['state'] : body;
  if (!state) return;
  printer.text(verbs[message] ?? '');
  printer.object(null, () => {
    stateFields(printer, state as Json, body, nokeys);
    if (message !== 'expire') return;
    printer.value('hard', '\thard %', body['hard']);
    printer.newline();
  });
  if (printer.context.options.oneline) printer.text('\n');
}

export function printSadinfo(printer: Printer, { cnt, hinfo }: Json): void {
  printer.object(null, () => {
    printer.value('count', '\t SAD count %', cnt);
    if (hinfo && printer.statistics > 0) {
      printer.value('buckets', ' (buckets count %', (hinfo as Json)['sadhcnt']);
      printer.value('max_buckets', ' Max %)', (hinfo as Json)['sadhmcnt']);
    }
  });
  printer.text('\n');
}
