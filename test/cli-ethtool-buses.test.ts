/** ethtool where no hardware is: requests byte for byte as ethtool 6.14.2 sends them (strace), and how answers of each kind are printed. */
import { describe, expect, test } from 'vitest';
import { split } from '../src/cli/batch.ts';
import type { Answer, Body, Event, Kernel } from '../src/cli/kernel.ts';
import { Recorder } from '../src/cli/kernel-record.ts';
import { Captured } from '../src/cli/output.ts';
import { run } from '../src/cli/run.ts';
import { HEADER_SIZE, type AnyGenericFamily, type Protocol } from '../src/codec/index.ts';
import { NLCTRL_ID } from '../src/families/generic/index.ts';
import { toHex } from '../src/inspect/index.ts';

/** struct genlmsghdr, and the header that names v0. */
const asked = (command: string, rest = ''): string => `${command}0100000c0001800700020076300000${rest}`;
/** The command, and its attributes in any order, as the kernel reads them; without padding, where ethtool leaves what was in memory. */
function parts(hex: string): string[] {
  const attributes: string[] = [];
  for (let at = 8; at < hex.length;) {
    const length = Number.parseInt(hex.slice(at + 2, at + 4) + hex.slice(at, at + 2), 16);
    attributes.push(hex.slice(at, at + 2 * length));
    at += 8 * Math.ceil(length / 4);
  }
  return [hex.slice(0, 8), ...attributes.sort()];
}
describe('as ethtool 6.14.2 asks', () => {
  test.each([
    ['--cable-test v0', asked('1a')], ['--cable-test-tdr v0', asked('1b')], ['--cable-test-tdr v0 first 100 last 150 step 20 pair 1', asked('1b', '24000280080001001027000008000200983a000008000300d00700000500040001000000')],
    ['--get-plca-cfg v0', asked('27')], ['--get-plca-status v0', asked('29')], ['--set-plca-cfg v0 enable on', asked('28', '0500030001000000')],
    ['--set-plca-cfg v0 enable off node-id 3 node-cnt 8 to-tmr 32 burst-cnt 1 burst-tmr 128', asked('28', '050003000000000008000600030000000800050008000000080007002000000008000800010000000800090080000000')],
    ['--show-pse v0', asked('24')], ['--set-pse v0 podl-pse-admin-control enable', asked('25', '0800030003000000')], ['--set-pse v0 c33-pse-admin-control disable c33-pse-avail-pw-limit 15400', asked('25', '080006000200000008000c00283c0000')],
    ['--show-mm v0', asked('2a')], ['-I --show-mm v0', '2a0100001400018007000200763000000800030004000000'], ['--set-mm v0 pmac-enabled off', asked('2b', '0500020000000000')],
    ['--set-mm v0 pmac-enabled on tx-enabled on verify-enabled on verify-time 10 tx-min-frag-size 124', asked('2b', '050002000100000005000300010000000500070001000000080009000a000000080005007c000000')],
    ['-m v0 hex on offset 130 length 20 page 3 bank 1 i2c 0x51', asked('1f', '08000300140000000800020082000000050004000300000005000500010000000500060051000100')],
    ['-m v0 page 3', asked('1f', '08000300800000000800020080000000050004000300000005000500000000000500060050000100')],
  ])('ethtool %s', async (line, hex) => {
    const kernel = new Recorder();
    expect(await run(split(`ethtool ${line}`), new Captured(), () => kernel)).toBe(0);
    expect(kernel.sent.map(({ bytes }) => parts(toHex(bytes.slice(HEADER_SIZE))))).toEqual([parts(hex)]);
  });
});

/** A family that answers each request with this, and tells these events. */
class Answering extends Recorder {
  readonly #answer: Body | undefined;
  readonly #events: readonly Body[];
  constructor(protocol: Protocol, whole: Recorder, answer: Body | undefined, events: readonly Body[]) {
    super({}, protocol, whole);
    this.#answer = answer;
    this.#events = events;
  }
  override get(message: string, body: Body): Body | undefined { super.get(message, body); return this.#answer; }
  override request(message: string, body: Body): Answer[] { return super.request(message, body); }
  override async *monitor(): AsyncIterable<Event> { for (const body of this.#events) yield { message: '', body }; }
}
async function printed(line: string, answer: Body | undefined, events: readonly Body[] = []): Promise<string> {
  class Whole extends Recorder {
    override generic(family: AnyGenericFamily): Promise<Kernel> { return Promise.resolve(new Answering(family.at(NLCTRL_ID + 1), this, answer, events)); }
  }
  const out = new Captured();
  expect(await run(split(line), out, () => new Whole())).toBe(0);
  expect(out.stderr).toBe('');
  return out.stdout + new TextDecoder().decode(out.bytes);
}
const header = { devName: 'eth0' };

describe('prints', () => {
  test('frames in parts', async () => {
    const state = { header, pmacEnabled: 1, txEnabled: 1, txActive: 1, txMinFragSize: 60, rxMinFragSize: 60, verifyEnabled: 0, verifyTime: 127, maxVerifyTime: 127, verifyStatus: 'succeeded' };
    const stats = { reassemblyErrors: 0n, smdErrors: 0n, reassemblyOk: 3n, rxFragCount: 0n, txFragCount: 57824n, holdCount: 0n };
    expect(await printed('ethtool -I --show-mm eth0', { ...state, stats })).toBe([
      'MAC Merge layer state for eth0:', 'pMAC enabled: on', 'TX enabled: on', 'TX active: on', 'TX minimum fragment size: 60', 'RX minimum fragment size: 60', 'Verify enabled: off', 'Verify time: 127', 'Max verify time: 127', 'Verification status: SUCCEEDED',
      'Statistics:', '  MACMergeFrameAssErrorCount: 0', '  MACMergeFrameSmdErrorCount: 0', '  MACMergeFrameAssOkCount: 3', '  MACMergeFragCountRx: 0', '  MACMergeFragCountTx: 57824', '  MACMergeHoldCount: 0', '',
    ].join('\n'));
    expect(JSON.parse(await printed('ethtool --json --show-mm eth0', state))).toEqual([{ ifname: 'eth0', 'pmac-enabled': true, 'tx-enabled': true, 'tx-active': true, 'tx-min-frag-size': 60, 'rx-min-frag-size': 60, 'verify-enabled': false, 'verify-time': 127, 'max-verify-time': 127, 'verify-status': 'SUCCEEDED' }]);
  });
  test('turns on a bus', async () => {
    expect(await printed('ethtool --get-plca-cfg eth0', { header, enabled: 1, nodeId: 3, nodeCnt: 8, toTmr: 32, burstCnt: 0, burstTmr: 128 })).toBe('PLCA settings for eth0:\n\tEnabled: Yes\n\tlocal node ID: 3 (follower)\n\tNode count: 8 (ignored)\n\tTO timer: 32 BT\n\tBurst count: 0 (disabled)\n\tBurst timer: 128 BT\n');
    expect(await printed('ethtool --get-plca-cfg eth0', { header, enabled: 0, nodeId: 0, nodeCnt: 8, burstCnt: 1 })).toBe('PLCA settings for eth0:\n\tEnabled: No\n\tlocal node ID: 0 (coordinator)\n\tNode count: 8\n\tTO timer: not supported\n\tBurst count: 1 (enabled)\n\tBurst timer: not supported\n');
    expect(await printed('ethtool --get-plca-status eth0', { header, status: 1 })).toBe('PLCA status of eth0:\n\tStatus: on\n');
  });
  test('power', async () => {
    expect(await printed('ethtool --show-pse eth0', { header, podlPseAdminState: 'enabled', podlPsePwDStatus: 'delivering' })).toBe('PSE attributes for eth0:\nPoDL PSE Admin State: enabled\nPoDL PSE Power Detection Status: delivering power\n');
    expect(await printed('ethtool --show-pse eth0', { header, c33PseAdminState: 'enabled', c33PsePwDStatus: 'fault', c33PseExtState: 'optionVportLim', c33PseExtSubstate: 2, c33PsePwClass: 4, c33PseActualPw: 3700, c33PseAvailPwLimit: 30000, c33PsePwLimitRanges: [{ min: 2000, max: 95700 }] })).toBe([
      'PSE attributes for eth0:', 'Clause 33 PSE Admin State: enabled', 'Clause 33 PSE Power Detection Status: fault', 'Clause 33 PSE Extended State: Group of option_vport_lim states', 'Clause 33 PSE Extended Substate: Main supply voltage is low',
      'Clause 33 PSE Power Class: 4', 'Clause 33 PSE Actual Power: 3700', 'Clause 33 PSE Available Power Limit: 30000', 'Clause 33 PSE Power Limit Ranges:', '\trange:', '\t\tmin 2000', '\t\tmax 95700', '',
    ].join('\n'));
  });
  test('tests of cables, from their events; those of other links are not', async () => {
    const events = [
      { cmd: 'cableTestNtf', header: { devName: 'eth1' }, status: 'completed' }, { cmd: 'cableTestNtf', header, status: 'started' },
      { cmd: 'cableTestNtf', header, status: 'completed', nest: { result: [{ pair: 'a', code: 'ok' }, { pair: 'b', code: 'open' }, { pair: 'c', code: 'sameShort' }], faultLength: [{ pair: 'b', cm: 1250 }] } },
    ];
    expect(await printed('ethtool --cable-test eth0', undefined, events)).toBe('Cable test started for device eth0.\nCable test completed for device eth0.\nPair A code OK\nPair B code Open Circuit\nPair C code Short within Pair\nPair B, fault length: 12.50m\n');
    expect(JSON.parse(await printed('ethtool --json --cable-test eth0', undefined, events))).toMatchObject([{ status: 'started' }, { status: 'completed', nest: { faultLength: [{ cm: 1250 }] } }]);
    expect(await printed('ethtool --cable-test-tdr eth0', undefined, [{ cmd: 'cableTestTdrNtf', header, status: 'completed', nest: { step: { firstDistance: 100, lastDistance: 5000, stepDistance: 50 }, pulse: [{ mV: 1000 }], amplitude: [{ pair: 'a', mV: -12 }] } }]))
      .toBe('Cable test TDR completed for device eth0.\nStep configuration: 1.00-50.00 meters in 0.50m steps\nTDR Pulse 1000mV\nPair A Amplitude  -12\n');
  });
  test('the memory of a module', async () => {
    const data = Uint8Array.from({ length: 18 }, (_, at) => at);
    expect(await printed('ethtool -m eth0 hex on offset 130 length 18', { header, data })).toBe('Offset\t\tValues\n------\t\t------\n0x0082:\t\t00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f \n0x0092:\t\t10 11 \n');
    expect(await printed('ethtool -m eth0 raw on length 18', { header, data })).toBe(new TextDecoder().decode(data));
  });
});

test.each([
  ['--set-plca-cfg eth0', 'what should be set?'], ['--set-plca-cfg eth0 node-id 300', 'out of range'], ['--set-plca-cfg eth0 nod-id 3', 'did you mean "node-id"'], ['--set-pse eth0 c33-pse-admin-control on', 'is not'], ['--set-mm eth0 verify-time x', 'not a number'], ['-m eth0 raw on hex on', 'not both'],
  ['-m eth0 length 200', 'at most 128'], ['--cable-test-tdr eth0 last 500', 'at most 150'], ['--cable-test eth0 more', 'too many'], ['--cable-test', 'which link?'],
])('ethtool %s', async (line, message) => {
  const out = new Captured();
  expect(await run(split(`--dry-run ethtool ${line}`), out)).toBe(1);
  expect(out.stderr).toContain(message);
});
