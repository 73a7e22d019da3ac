/** Data center bridging, `dcb`. Source: include/uapi/linux/dcbnl.h, net/dcb/dcbnl.c. */
import {
  array, attrs, binary, enumeration, flags, keyed, mac, message, multi, string, struct, u16, u32, u64, u8,
} from '../../codec/index.ts';

export class Dcbmsg extends struct('dcbmsg', {
  family: u8,
  cmd: enumeration(u8, {
    undefined: 0, gstate: 1, sstate: 2, pgtxGcfg: 3, pgtxScfg: 4, pgrxGcfg: 5, pgrxScfg: 6, pfcGcfg: 7, pfcScfg: 8, setAll: 9,
    gpermHwaddr: 10, gcap: 11, gnumtcs: 12, snumtcs: 13, pfcGstate: 14, pfcSstate: 15, bcnGcfg: 16, bcnScfg: 17, gapp: 18, sapp: 19,
    ieeeSet: 20, ieeeGet: 21, gdcbx: 22, sdcbx: 23, gfeatcfg: 24, sfeatcfg: 25, ceeGet: 26, ieeeDel: 27,
  }, 'DCB_CMD_'),
  _pad: u16,
}) {}

/** An array with a place for each of the eight traffic classes or priorities. */
const eight = array(u8, 8), eight32 = array(u32, 8), eight64 = array(u64, 8);

/** Bandwidths are per cent. */
export class IeeeEts extends struct('ieee_ets', {
  willing: u8, etsCap: u8, cbs: u8, tcTxBw: eight, tcRxBw: eight, tcTsa: eight, prioTc: eight, tcRecoBw: eight, tcRecoTsa: eight, recoPrioTc: eight,
}) {}
export class IeeePfc extends struct('ieee_pfc', {
  pfcCap: u8,
  /** Bit n: priority n is flow controlled. */
  pfcEn: u8,
  mbc: u8,
  /** Of the link, in bit times. */
  delay: u16,
  requests: eight64,
  indications: eight64,
}) {}
/** Kilobits a second; 0 is no limit. */
export class IeeeMaxrate extends struct('ieee_maxrate', { tcMaxrate: eight64 }) {}
export class IeeeQcn extends struct('ieee_qcn', {
  rpgEnable: eight, rpppMaxRps: eight32, rpgTimeReset: eight32, rpgByteReset: eight32, rpgThreshold: eight32, rpgMaxRate: eight32,
  rpgAiRate: eight32, rpgHaiRate: eight32, rpgGd: eight32, rpgMinDecFac: eight32, rpgMinRate: eight32, cnddStateMachine: eight32,
}) {}
export class IeeeQcnStats extends struct('ieee_qcn_stats', { rpppRpCentiseconds: eight64, rpppCreatedRps: eight32 }) {}
/** Bytes. */
export class DcbnlBuffer extends struct('dcbnl_buffer', { prio2buffer: eight, bufferSize: eight32, totalSize: u32 }) {}
/** Which priority an application's traffic gets. */
export class DcbApp extends struct('dcb_app', {
  selector: enumeration(u8, { ethertype: 1, stream: 2, dgram: 3, any: 4, dscp: 5, pcp: 255 }),
  priority: u8,
  protocol: u16,
}) {}
export class DcbAppTable extends attrs('DCB_ATTR_', {
  ieeeApp: [1, multi(DcbApp)],
  dcbApp: [2, multi(DcbApp)],
}) {}

export class DcbIeee extends attrs('DCB_ATTR_IEEE_', {
  ets: [1, IeeeEts],
  pfc: [2, IeeePfc],
  appTable: [3, DcbAppTable],
  peerEts: [4, IeeeEts],
  peerPfc: [5, IeeePfc],
  peerApp: [6, DcbAppTable],
  maxrate: [7, IeeeMaxrate],
  qcn: [8, IeeeQcn],
  qcnStats: [9, IeeeQcnStats],
  dcbBuffer: [10, DcbnlBuffer, 'DCB_ATTR_DCB_BUFFER'],
  dcbAppTrustTable: [11, binary, 'DCB_ATTR_DCB_APP_TRUST_TABLE'],
  dcbRewrTable: [12, DcbAppTable, 'DCB_ATTR_DCB_REWR_TABLE'],
}) {}

const settings = keyed(u8);
export class DcbAttrs extends attrs('DCB_ATTR_', {
  ifname: [1, string],
  state: [2, u8],
  pfcState: [3, u8],
  pfcCfg: [4, settings],
  /** The answer to a change: 0, or a driver's error. */
  numTc: [5, u8],
  pgCfg: [6, binary],
  setAll: [7, u8],
  permHwaddr: [8, mac],
  cap: [9, settings],
  numtcs: [10, settings],
  bcn: [11, binary],
  app: [12, binary],
  ieee: [13, DcbIeee],
  dcbx: [14, flags(u8, { host: 1, lldManaged: 2, verCee: 4, verIeee: 8, static: 0x10 }, 'DCB_CAP_DCBX_')],
  featcfg: [15, settings],
  cee: [16, binary],
}) {}

export class Dcb extends message('dcb', Dcbmsg, DcbAttrs) {}
