/** `devlink trap`: packets that a device gives to the processor, and why (net/devlink/trap.c). */
import type { Devlink, DevlinkTrapStats } from '../../families/generic/devlink/index.ts';
import { is, to, type Command, type Grammar } from '../grammar.ts';
import { choice, text, u32, u64 } from '../values.ts';
import type { Layout } from './layout.ts';
import { change, deviceName, show } from './speak.ts';

const metadataNames = { inPort: 'input_port', faCookie: 'flow_action_cookie' } as const;

function printStats(layout: Layout, stats: DevlinkTrapStats | undefined): void {
  if (!stats || !layout.statistics) return;
  layout.object('stats', () => layout.object('rx', () => {
    layout.count('bytes', stats.rxBytes);
    layout.count('packets', stats.rxPackets);
    layout.count('dropped', stats.rxDropped);
  }));
}
type Print = (layout: Layout, body: Devlink, listed?: boolean) => void;
const about = (inside: (layout: Layout, body: Devlink) => void): Print => (layout, body, listed = true) => {
  if (listed) layout.listed(deviceName(body), () => inside(layout, body));
  else layout.about(deviceName(body), () => inside(layout, body));
};
export const printTrap = about((layout, body) => {
  layout.word('name', body.trapName);
  layout.more('type', body.trapType);
  layout.more('generic', body.trapGeneric === true);
  layout.more('action', body.trapAction);
  layout.more('group', body.trapGroupName);
  if (layout.verbose) layout.array('metadata', () => { for (const [key, name] of Object.entries(metadataNames)) if (body.trapMetadata?.[key as keyof typeof metadataNames]) layout.word(null, name); });
  printStats(layout, body.stats);
});
export const printGroup = about((layout, body) => {
  layout.word('name', body.trapGroupName);
  layout.more('generic', body.trapGeneric === true);
  layout.more('policer', body.trapPolicerId);
  printStats(layout, body.stats);
});
export const printPolicer = about((layout, body) => {
  layout.word('policer', body.trapPolicerId);
  layout.more('rate', body.trapPolicerRate);
  layout.more('burst', body.trapPolicerBurst);
  printStats(layout, body.stats);
});

const DEV = 'pci/0000:01:00.0';
const trapWord: Grammar = { 'trap|name': to('trapName', text('TRAP')) }, groupWord: Grammar = { 'group|name': to('trapGroupName', text('GROUP')) }, policerWord: Grammar = { policer: to('trapPolicerId', u32('POLICER')) };
const actionWord: Grammar = { action: to('trapAction', choice({ drop: 'drop', trap: 'trap', mirror: 'mirror' })) };

export const trap: Command = {
  summary: 'packets that a device traps',
  examples: ['devlink trap', `devlink -s trap show ${DEV} trap blackhole_route`, `devlink trap set ${DEV} trap blackhole_route action trap`],
  otherwise: 'show',
  commands: {
    'show|list': show({ summary: 'print traps; -v: what is told with their packets; -s: counters', line: '[ DEV [ trap TRAP ] ]', examples: ['devlink trap', `devlink -s -v trap show ${DEV} trap blackhole_route`], section: 'trap', message: 'trapGet', one: ['dev'], needs: trapWord, some: ['dev'], print: printTrap }),
    set: change({ summary: 'set what becomes of packets', line: 'DEV trap TRAP [ action { trap | drop | mirror } ]', examples: [`devlink trap set ${DEV} trap blackhole_route action trap`], message: 'trapSet', on: ['dev'], needs: trapWord, options: actionWord }),
    group: {
      summary: 'groups of traps', otherwise: 'show',
      commands: {
        'show|list': show({ summary: 'print groups', line: '[ DEV [ group GROUP ] ]', examples: ['devlink trap group', `devlink -s trap group show ${DEV} group l3_drops`], section: 'trap_group', message: 'trapGroupGet', one: ['dev'], needs: groupWord, some: ['dev'], print: printGroup }),
        set: change({
          summary: 'set what becomes of packets, and who limits them', line: 'DEV group GROUP [ action { trap | drop | mirror } ] [ policer POLICER | nopolicer ]', examples: [`devlink trap group set ${DEV} group l3_drops action trap`, `devlink trap group set ${DEV} group l3_drops policer 1`],
          message: 'trapGroupSet', on: ['dev'], needs: groupWord, options: { ...actionWord, ...policerWord, nopolicer: is('trapPolicerId', 0) },
        }),
      },
    },
    policer: {
      summary: 'what limits trapped packets', otherwise: 'show',
      commands: {
        'show|list': show({ summary: 'print policers', line: '[ DEV [ policer POLICER ] ]', examples: ['devlink trap policer', `devlink -s trap policer show ${DEV} policer 1`], section: 'trap_policer', message: 'trapPolicerGet', one: ['dev'], needs: policerWord, some: ['dev'], print: printPolicer }),
        set: change({ summary: 'set a limit', line: 'DEV policer POLICER [ rate RATE ] [ burst BURST ]', examples: [`devlink trap policer set ${DEV} policer 1 rate 2000 burst 16`], message: 'trapPolicerSet', on: ['dev'], needs: policerWord, options: { rate: to('trapPolicerRate', u64('RATE'), 'packets a second'), burst: to('trapPolicerBurst', u64('BURST'), 'packets') } }),
      },
    },
  },
};
