/** `devlink dev`: devices, how their switch is run, versions, self-tests; what begins a device anew (net/devlink/dev.c). */
import type { Devlink, DevlinkReloadStats, DevlinkSelftestResults, DevlinkVersion } from '../../families/generic/devlink/index.ts';
import type { Context } from '../context.ts';
import { act, is, to, type Command, type Draft, type Grammar } from '../grammar.ts';
import { namespaceInto } from '../ip/link-options.ts';
import { choice, text } from '../values.ts';
import { flash } from './flash.ts';
import { Layout } from './layout.ts';
import { nestedDevices } from './nested.ts';
import { paramCommands } from './param.ts';
import { change, command, deviceName, printed, show, snake, type Show } from './speak.ts';

const limits = (name: string | number | undefined): string => (name === 'unspec' ? 'unspecified' : snake(name ?? ''));

function printReloads(layout: Layout, name: string, stats: DevlinkReloadStats | undefined): void {
  if (!stats) return;
  layout.object(name, () => {
    for (const { reloadAction = 'unspec', reloadActionStats = [] } of stats.reloadActionInfo ?? []) {
      layout.object(snake(reloadAction), () => {
        for (const { reloadStatsEntry = [] } of reloadActionStats) for (const { reloadStatsLimit, reloadStatsValue } of reloadStatsEntry) layout.word(limits(reloadStatsLimit), reloadStatsValue);
      });
    }
  });
}
export const printDevice: Show = (layout, body) => {
  const { reloadFailed, devStats, nestedDevlink = [] } = body, counted = devStats !== undefined && layout.statistics, content = Boolean(reloadFailed) || counted || nestedDevlink.length > 0;
  layout.about(deviceName(body), () => {
    if (reloadFailed) layout.word('reload_failed', true);
    if (counted) {
      layout.object('stats', () => {
        printReloads(layout, 'reload', devStats.reloadStats);
        printReloads(layout, 'remote_reload', devStats.remoteReloadStats);
      });
    }
    nestedDevices(layout, nestedDevlink);
  }, content);
};

const printEswitch: Show = (layout, body) => {
  const { eswitchMode: mode, eswitchInlineMode: inline, eswitchEncapMode: encap } = body;
  layout.about(deviceName(body), () => {
    layout.word('mode', mode === undefined ? undefined : snake(mode));
    layout.word('inline-mode', inline);
    layout.word('encap-mode', encap);
  });
};
const eswitchWords: Grammar = {
  mode: to('eswitchMode', choice({ legacy: 'legacy', switchdev: 'switchdev', switchdev_inactive: 'switchdevInactive' })),
  'inline-mode': to('eswitchInlineMode', choice({ none: 'none', link: 'link', network: 'network', transport: 'transport' })),
  // The words that it was first written with are still understood.
  'encap-mode|encap': to('eswitchEncapMode', choice({ none: 'none', basic: 'basic', disable: 'none', enable: 'basic' })),
};

function printVersions(layout: Layout, name: string, versions: readonly DevlinkVersion[] | undefined): void {
  const all = (versions ?? []).filter((one) => one.infoVersionName !== undefined && one.infoVersionValue !== undefined);
  if (all.length === 0) return;
  layout.object(name, () => {
    for (const { infoVersionName, infoVersionValue } of all) {
      layout.word(infoVersionName as string, infoVersionValue);
      layout.newline();
    }
  });
}
const printInfo: Show = (layout, body) => {
  const { infoDriverName, infoSerialNumber, infoBoardSerialNumber, infoVersionFixed, infoVersionRunning, infoVersionStored } = body, versions = infoVersionFixed ?? infoVersionRunning ?? infoVersionStored;
  const facts = { driver: infoDriverName, serial_number: infoSerialNumber, 'board.serial_number': infoBoardSerialNumber };
  if (!versions && Object.values(facts).every((fact) => fact === undefined)) return;
  layout.about(deviceName(body), () => {
    layout.deeper();
    for (const [name, fact] of Object.entries(facts)) {
      if (fact === undefined) continue;
      layout.newline();
      layout.word(name, fact);
    }
    layout.back();
    if (versions) {
      layout.object('versions', () => {
        printVersions(layout, 'fixed', infoVersionFixed);
        printVersions(layout, 'running', infoVersionRunning);
        printVersions(layout, 'stored', infoVersionStored);
      });
    }
  });
};

const ended = { skip: 'skipped', pass: 'passed', fail: 'failed' } as Readonly<Record<string, string>>;
const testNames: readonly (string | undefined)[] = [undefined, 'flash'];
const printTests: Show = (layout, body) => {
  const names = Object.keys(body.selftests ?? {}).filter((name) => testNames.includes(name));
  if (names.length === 0) return;
  layout.among(deviceName(body), () => {
    for (const name of names) layout.word(null, name);
    layout.newline();
  });
};
const printResults: Show = (layout, body) => {
  const results = (body as { selftests?: DevlinkSelftestResults }).selftests?.result ?? [];
  if (results.length === 0) return;
  layout.about(deviceName(body), () => {
    layout.deeper();
    layout.newline();
    for (const { id = 0, status = '' } of results) {
      layout.object(testNames[id] ?? 'unknown', () => layout.word('status', ended[status] ?? 'unknown'));
      layout.newline();
    }
    layout.back();
  });
};

function namespaceOf(given: unknown, context: Context): { netNsFd?: number; netNsPid?: number } {
  const draft: Draft = {};
  namespaceInto(draft, given, context);
  return draft;
}
/** As devlink chooses among them: that of no limit is the first bit. */
const ALL_LIMITS = [1, 'noReset'];
const reload = change({
  summary: 'begin a device anew, or activate new firmware', line: 'DEV [ netns { NAME | PID } ] [ action { driver_reinit | fw_activate } ] [ limit no_reset ]', examples: ['devlink dev reload pci/0000:01:00.0', 'devlink dev reload pci/0000:01:00.0 action fw_activate limit no_reset', 'devlink dev reload netdevsim/netdevsim1 netns blue'],
  message: 'reload', on: ['dev'],
  options: {
    netns: act((draft, value, context) => {
      const { netNsFd, netNsPid } = namespaceOf(value, context);
      Object.assign(draft, netNsFd === undefined ? { netnsPid: netNsPid } : { netnsFd: netNsFd });
    }, { ...text('NETNS'), completes: 'netns' }),
    action: to('reloadAction', choice({ driver_reinit: 'driverReinit', fw_activate: 'fwActivate' })),
    limit: to('reloadLimits', choice({ no_reset: { value: ['noReset'], selector: ALL_LIMITS } })),
  },
  told(context, answers) {
    const done = (answers[0]?.body as Devlink | undefined)?.reloadActionsPerformed;
    if (!done) return;
    const layout = new Layout(context);
    layout.section('reload', () => {
      // Its own line is the first.
      layout.ended();
      layout.array('reload_actions_performed', () => { for (const action of done.value) if (done.selector.includes(action)) layout.word(null, snake(action)); });
      layout.newline();
    });
    layout.finish();
  },
});

export const dev: Command = {
  summary: 'devices',
  examples: ['devlink dev', 'devlink -s dev show pci/0000:01:00.0', 'devlink dev info', 'devlink dev eswitch set pci/0000:01:00.0 mode switchdev', 'devlink dev param set netdevsim/netdevsim1 name max_macs value 64 cmode driverinit'],
  otherwise: 'show',
  commands: {
    'show|list': show({ summary: 'print devices; -s: and how often they were reloaded', line: '[ DEV ]', examples: ['devlink dev', 'devlink -s dev show pci/0000:01:00.0'], section: 'dev', message: 'get', one: ['dev'], some: [], print: printDevice }),
    eswitch: {
      summary: 'how the switch of a card is run',
      commands: {
        set: change({ summary: 'change it', line: 'DEV [ mode MODE ] [ inline-mode MODE ] [ encap-mode MODE ]', examples: ['devlink dev eswitch set pci/0000:01:00.0 mode switchdev', 'devlink dev eswitch set pci/0000:01:00.0 inline-mode transport encap-mode basic'], message: 'eswitchSet', on: ['dev'], options: eswitchWords, some: true }),
        show: show({ summary: 'print it', line: 'DEV', examples: ['devlink dev eswitch show pci/0000:01:00.0'], section: 'dev', message: 'eswitchGet', one: ['dev'], print: printEswitch }),
      },
    },
    reload,
    param: paramCommands('dev'),
    info: show({ summary: 'print drivers, serial numbers and versions', line: '[ DEV ]', examples: ['devlink dev info', 'devlink -j dev info pci/0000:01:00.0'], section: 'info', message: 'infoGet', one: ['dev'], some: [], print: printInfo }),
    flash,
    selftests: {
      summary: 'tests that a device does itself', otherwise: 'show',
      commands: {
        'show|list': show({ summary: 'print which there are', line: '[ DEV ]', examples: ['devlink dev selftests show'], section: 'selftests', message: 'selftestsGet', one: ['dev'], some: [], print: printTests }),
        run: command({
          summary: 'run them, or those that are named', line: 'DEV [ id flash ]', examples: ['devlink dev selftests run pci/0000:01:00.0', 'devlink dev selftests run pci/0000:01:00.0 id flash'], on: ['dev'], changes: true,
          options: { id: { ...is('selftests', { flash: true }), type: choice({ flash: { flash: true } }) } },
          run(context, kernel, place, { selftests = { flash: true } }) {
            const answers = kernel.request('selftestsRun', { ...place, selftests });
            if (answers.length > 0) printed(context, 'selftests', answers.map(({ body }) => body as Devlink), printResults);
          },
        }),
      },
    },
  },
};
