/** What links do beside carrying frames: turns on a shared bus (PLCA), frames in parts (MAC merge), power that is fed (PSE). */
import { to } from '../grammar.ts';
import type { Json } from '../print/printer.ts';
import { choice, onOff, u32, u8 } from '../values.ts';
import { nameOf } from './ask.ts';
import { set, show, type Shown } from './show.ts';

// -- turns on a bus -----------------------------------------------------------------------------------------

const COORDINATOR = 0, UNCONFIGURED = 255;
const unsupported = 'not supported';
export const plca: Shown = {
  message: 'plcaGetCfg', plain: true,
  print(printer, body) {
    const { enabled, nodeId, nodeCnt, toTmr, burstCnt, burstTmr } = body as Record<string, number | undefined>;
    const line = (label: string, value: number | undefined, print: (value: number) => string): void => printer.text(`\t${label}: ${value === undefined ? unsupported : print(value)}\n`);
    printer.text(`PLCA settings for ${nameOf(body)}:\n`);
    line('Enabled', enabled, (value) => (value ? 'Yes' : 'No'));
    line('local node ID', nodeId, (value) => `${value} (${value === COORDINATOR ? 'coordinator' : value === UNCONFIGURED ? 'unconfigured' : 'follower'})`);
    // Who follows has no use for it.
    line('Node count', nodeCnt, (value) => `${value}${nodeId !== undefined && nodeId !== COORDINATOR ? ' (ignored)' : ''}`);
    line('TO timer', toTmr, (value) => `${value} BT`);
    line('Burst count', burstCnt, (value) => `${value} (${value > 0 ? 'enabled' : 'disabled'})`);
    line('Burst timer', burstTmr, (value) => `${value} BT`);
  },
};
export const showPlca = show('print whose turn it is on a shared bus', '--get-plca-cfg eth0', plca);
export const setPlca = set('say whose turn it is on a shared bus', '--set-plca-cfg eth0 enable on node-id 0 node-cnt 8', 'plcaSetCfg', {
  enable: to('enabled', onOff), 'node-id': to('nodeId', u8('N'), '0 is the coordinator, 255 nobody'), 'node-cnt': to('nodeCnt', u8('N')), 'to-tmr': to('toTmr', u8('BITS')), 'burst-cnt': to('burstCnt', u8('N')), 'burst-tmr': to('burstTmr', u8('BITS')),
});
export const showPlcaStatus = show('print whether the bus takes turns', '--get-plca-status eth0', {
  message: 'plcaGetStatus', plain: true,
  print(printer, body) {
    const status = body['status'] as number | undefined;
    printer.text(`PLCA status of ${nameOf(body)}:\n\tStatus: ${status === undefined ? unsupported : status ? 'on' : 'off'}\n`);
  },
});

// -- frames in parts ----------------------------------------------------------------------------------------

const switched = { text: (value: unknown) => (value ? 'on' : 'off'), json: Boolean };
/** Names of IEEE 802.3, clause 99. */
const mergeCounters = {
  MACMergeFrameAssErrorCount: 'reassemblyErrors', MACMergeFrameSmdErrorCount: 'smdErrors', MACMergeFrameAssOkCount: 'reassemblyOk', MACMergeFragCountRx: 'rxFragCount', MACMergeFragCountTx: 'txFragCount', MACMergeHoldCount: 'holdCount',
} as const;
export const merge: Shown = {
  message: 'mmGet', statistics: true,
  print(printer, body) {
    printer.sheet([
      ['ifname', 'MAC Merge layer state for %:\n', nameOf],
      ['pmac-enabled', 'pMAC enabled: %\n', 'pmacEnabled', switched], ['tx-enabled', 'TX enabled: %\n', 'txEnabled', switched], ['tx-active', 'TX active: %\n', 'txActive', switched],
      ['tx-min-frag-size', 'TX minimum fragment size: %\n', 'txMinFragSize'], ['rx-min-frag-size', 'RX minimum fragment size: %\n', 'rxMinFragSize'],
      ['verify-enabled', 'Verify enabled: %\n', 'verifyEnabled', switched], ['verify-time', 'Verify time: %\n', 'verifyTime'], ['max-verify-time', 'Max verify time: %\n', 'maxVerifyTime'],
      ['verify-status', 'Verification status: %\n', (one) => (one['verifyStatus'] === undefined ? undefined : String(one['verifyStatus']).toUpperCase())],
    ], body);
    const stats = body['stats'] as Json | undefined;
    if (!stats) return;
    printer.text('Statistics:\n');
    printer.object('statistics', () => { for (const [name, key] of Object.entries(mergeCounters)) if (stats[key] !== undefined) printer.value(name, `  ${name}: %\n`, stats[key]); });
  },
};
export const showMerge = show('print whether frames give way to others', '--show-mm eth0', merge);
export const setMerge = set('let frames give way to others', '--set-mm eth0 pmac-enabled on tx-enabled on', 'mmSet', {
  'pmac-enabled': to('pmacEnabled', onOff), 'tx-enabled': to('txEnabled', onOff), 'tx-min-frag-size': to('txMinFragSize', u32('BYTES')), 'verify-enabled': to('verifyEnabled', onOff), 'verify-time': to('verifyTime', u32('MILLISECONDS')),
});

// -- power --------------------------------------------------------------------------------------------------

const delivering = (value: unknown): unknown => (value === 'delivering' ? 'delivering power' : value);
/** Groups of states of clause 33, by the schema's words, and in each what its numbers mean. */
const extended: Readonly<Record<string, readonly [group: string, ...states: string[]]>> = {
  errorCondition: ['Group of error_condition states', 'Non-existing port number', 'Undefined port', 'Internal hardware fault', 'Communication error after force on', 'Unknown port status', 'Host crash turn off', 'Host crash force shutdown', 'Configuration change', 'Over temperature detected'],
  mrMpsValid: ['Group of mr_mps_valid states', 'Underload state', 'Port is not connected'], mrPseEnable: ['Group of mr_pse_enable states', 'Disable pin active'],
  optionDetectTed: ['Group of option_detect_ted', 'Detection in process', 'Connection check error'],
  optionVportLim: ['Group of option_vport_lim states', 'Main supply voltage is high', 'Main supply voltage is low', 'Voltage injection into the port'], ovldDetected: ['Group of ovld_detected states', 'Overload state'],
  pdDllPowerType: ['Group of pd_dll_power_type states'],
  powerNotAvailable: ['Group of power_not_available states', 'Power budget exceeded for the controller', 'Configured port power limit exceeded controller power budget', 'Power request from PD exceeds port limit', 'Power denied due to Hardware power limit'],
  shortDetected: ['Group of short_detected states', 'Short condition was detected'],
};
export const power: Shown = {
  message: 'pseGet',
  print(printer, body) {
    const group = extended[String(body['c33PseExtState'])], substate = body['c33PseExtSubstate'] as number | undefined;
    printer.sheet([
      ['ifname', 'PSE attributes for %:\n', nameOf],
      ['podl-pse-admin-state', 'PoDL PSE Admin State: %\n', 'podlPseAdminState'], ['podl-pse-power-detection-status', 'PoDL PSE Power Detection Status: %\n', (one) => delivering(one['podlPsePwDStatus'])],
      ['c33-pse-admin-state', 'Clause 33 PSE Admin State: %\n', 'c33PseAdminState'], ['c33-pse-power-detection-status', 'Clause 33 PSE Power Detection Status: %\n', (one) => delivering(one['c33PsePwDStatus'])],
      ['c33-pse-extended-state', 'Clause 33 PSE Extended State: %\n', () => (body['c33PseExtState'] === undefined ? undefined : group?.[0] ?? 'unsupported')],
      ['c33-pse-extended-substate', 'Clause 33 PSE Extended Substate: %\n', () => (group === undefined || group.length === 1 || substate === undefined ? undefined : group[substate] ?? 'unsupported')],
      ['c33-pse-power-class', 'Clause 33 PSE Power Class: %\n', 'c33PsePwClass'], ['c33-pse-actual-power', 'Clause 33 PSE Actual Power: %\n', 'c33PseActualPw'], ['c33-pse-available-power-limit', 'Clause 33 PSE Available Power Limit: %\n', 'c33PseAvailPwLimit'],
    ], body);
    const ranges = body['c33PsePwLimitRanges'] as readonly { min?: number; max?: number }[] | undefined;
    if (ranges?.length) printer.list('c33-pse-power-limit-ranges', ranges, `Clause 33 PSE Power Limit Ranges:\n${ranges.map(({ min, max }) => `\trange:\n\t\tmin ${min ?? 0}\n\t\tmax ${max ?? 0}\n`).join('')}`);
    printer.sheet([['power-domain-index', 'Power domain index: %\n', 'psePwDId'], ['priority-max', 'Max allowed priority: %\n', 'psePrioMax'], ['priority', 'Priority %\n', 'psePrio']], body);
  },
};
export const showPower = show('print the power that the port feeds', '--show-pse eth0', power);
const control = choice({ enable: 'enabled', disable: 'disabled' });
export const setPower = set('feed power, or none', '--set-pse eth0 c33-pse-admin-control enable', 'pseSet', {
  'podl-pse-admin-control': to('podlPseAdminControl', control), 'c33-pse-admin-control': to('c33PseAdminControl', control), 'c33-pse-avail-pw-limit': to('c33PseAvailPwLimit', u32('MILLIWATTS')), prio: to('psePrio', u32('N')),
});
