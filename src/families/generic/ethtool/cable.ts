/** Tests of cables. Source: include/uapi/linux/ethtool_netlink.h, net/ethtool/cabletest.c. */
import { attrs, enumeration, multi, s16, u16, u32, u8 } from '../../../codec/index.ts';
import { EthtoolHeader } from './bitset.ts';

const pair = enumeration(u8, { a: 0, b: 1, c: 2, d: 3 }, 'ETHTOOL_A_CABLE_PAIR_');
const code = enumeration(u8, { unspec: 0, ok: 1, open: 2, sameShort: 3, crossShort: 4, impedanceMismatch: 5, noise: 6, resolutionNotPossible: 7 }, 'ETHTOOL_A_CABLE_RESULT_CODE_');
/** By what it was found: reflections of a pulse (time domain), or of the signal of an active link. */
const source = enumeration(u32, { unspec: 0, tdr: 1, alcd: 2 }, 'ETHTOOL_A_CABLE_INF_SRC_');
const status = enumeration(u8, { unspec: 0, started: 1, completed: 2 }, 'ETHTOOL_A_CABLE_TEST_NTF_STATUS_');

/** What was found on a pair. */
export class EthtoolCableResult extends attrs('ETHTOOL_A_CABLE_RESULT_', { pair: [1, pair], code: [2, code], src: [3, source] }) {}
/** How far away, in centimetres. */
export class EthtoolCableFaultLength extends attrs('ETHTOOL_A_CABLE_FAULT_LENGTH_', { pair: [1, pair], cm: [2, u32], src: [3, source] }) {}
/** Results of a test. */
export class EthtoolCableResults extends attrs('ETHTOOL_A_CABLE_NEST_', { result: [1, multi(EthtoolCableResult)], faultLength: [2, multi(EthtoolCableFaultLength)] }) {}
/** Begins a test. */
export class EthtoolCableTest extends attrs('ETHTOOL_A_CABLE_TEST_', { header: [1, EthtoolHeader] }) {}
/** A test that has begun or ended. */
export class EthtoolCableTestEvent extends attrs('ETHTOOL_A_CABLE_TEST_NTF_', { header: [1, EthtoolHeader], status: [2, status], nest: [3, EthtoolCableResults] }) {}

/** What to look at: from and to which distance in centimetres, and on which pair. */
export class EthtoolCableTdrConfig extends attrs('ETHTOOL_A_CABLE_TEST_TDR_CFG_', { first: [1, u32], last: [2, u32], step: [3, u32], pair: [4, pair] }) {}
/** Begins a test that tells what comes back of a pulse. */
export class EthtoolCableTdr extends attrs('ETHTOOL_A_CABLE_TEST_TDR_', { header: [1, EthtoolHeader], cfg: [2, EthtoolCableTdrConfig] }) {}
/** Distances between measurements, in centimetres. */
export class EthtoolCableStep extends attrs('ETHTOOL_A_CABLE_STEP_', { firstDistance: [1, u32], lastDistance: [2, u32], stepDistance: [3, u32] }) {}
/** What came back. */
export class EthtoolCableAmplitude extends attrs('ETHTOOL_A_CABLE_AMPLITUDE_', { pair: [1, pair], mV: [2, s16, 'ETHTOOL_A_CABLE_AMPLITUDE_mV'] }) {}
/** What was sent. */
export class EthtoolCablePulse extends attrs('ETHTOOL_A_CABLE_PULSE_', { mV: [1, u16, 'ETHTOOL_A_CABLE_PULSE_mV'] }) {}
/** Measurements, in order of distance. */
export class EthtoolCableEchoes extends attrs('ETHTOOL_A_CABLE_TDR_NEST_', { step: [1, EthtoolCableStep], amplitude: [2, multi(EthtoolCableAmplitude)], pulse: [3, multi(EthtoolCablePulse)] }) {}
/** Such a test that has begun or ended. */
export class EthtoolCableTdrEvent extends attrs('ETHTOOL_A_CABLE_TEST_TDR_NTF_', { header: [1, EthtoolHeader], status: [2, status], nest: [3, EthtoolCableEchoes] }) {}
