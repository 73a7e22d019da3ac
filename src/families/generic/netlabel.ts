/** NLBL_MGMT, NLBL_CIPSOv4, NLBL_CALIPSO and NLBL_UNLBL: security labels on packets. Source: net/netlabel/netlabel_mgmt.h, netlabel_cipso_v4.h, netlabel_calipso.h, netlabel_unlabeled.h. */
import { attrs, enumeration, genericFamily, ipv4, ipv6, multi, string, u32, u8 } from '../../codec/index.ts';
import { family16 } from '../route/family.ts';

/** How packets are labelled. */
export const netlabelProtocol = enumeration(u32, { none: 0, ripso: 1, cipsov4: 2, cipsov6: 3, unlabeled: 5, addrselect: 6, calipso: 7 });

/** Addresses, and how packets to them are labelled. */
export class NetlabelSelector extends attrs('NLBL_MGMT_A_', {
  protocol: [2, netlabelProtocol],
  cv4doi: [4, u32],
  ipv6addr: [5, ipv6],
  ipv6mask: [6, ipv6],
  ipv4addr: [7, ipv4],
  ipv4mask: [8, ipv4],
  clpdoi: [12, u32],
}) {}

/** Selectors, each in a nest of its own. */
export class NetlabelSelectors extends attrs('NLBL_MGMT_A_', { addrselector: [9, multi(NetlabelSelector)] }) {}

/** How packets of a security domain are labelled. */
export class NetlabelDomain extends attrs('NLBL_MGMT_A_', {
  domain: [1, string],
  protocol: [2, netlabelProtocol],
  protocolVersion: [3, u32, 'NLBL_MGMT_A_VERSION'],
  /** Domain of interpretation, of CIPSO. */
  cv4doi: [4, u32],
  ipv6addr: [5, ipv6],
  ipv6mask: [6, ipv6],
  ipv4addr: [7, ipv4],
  ipv4mask: [8, ipv4],
  selectorlist: [10, NetlabelSelectors],
  family: [11, family16],
  /** Of CALIPSO. */
  clpdoi: [12, u32],
}) {}

/** NLBL_MGMT. */
export const netlabel = genericFamily('NLBL_MGMT', 3, {
  prefix: 'NLBL_MGMT_C_',
  commands: {
    add: [1, NetlabelDomain],
    remove: [2, NetlabelDomain],
    listall: [3, NetlabelDomain],
    adddef: [4, NetlabelDomain],
    removedef: [5, NetlabelDomain],
    listdef: [6, NetlabelDomain],
    protocols: [7, NetlabelDomain],
    version: [8, NetlabelDomain],
  },
  config: 'CONFIG_NETLABEL',
});

/** How levels and categories of a domain are those of this host. */
export const netlabelMap = enumeration(u32, { trans: 1, pass: 2, local: 3 });
/** Tags, each an attribute of its own. */
export class NetlabelTags extends attrs('NLBL_CIPSOV4_A_', { tag: [3, multi(u8)] }) {}

/** A level here, and there. */
export class NetlabelLevel extends attrs('NLBL_CIPSOV4_A_', { mlslvlloc: [5, u32], mlslvlrem: [6, u32] }) {}
/** Levels, each in a nest of its own. */
export class NetlabelLevels extends attrs('NLBL_CIPSOV4_A_', { mlslvl: [7, multi(NetlabelLevel)] }) {}
/** A category here, and there. */
export class NetlabelCategory extends attrs('NLBL_CIPSOV4_A_', { mlscatloc: [9, u32], mlscatrem: [10, u32] }) {}
/** Categories, each in a nest of its own. */
export class NetlabelCategories extends attrs('NLBL_CIPSOV4_A_', { mlscat: [11, multi(NetlabelCategory)] }) {}

/** A domain of interpretation of CIPSO. */
export class NetlabelCipso extends attrs('NLBL_CIPSOV4_A_', {
  doi: [1, u32],
  mtype: [2, netlabelMap],
  taglst: [4, NetlabelTags],
  mlslvllst: [8, NetlabelLevels],
  mlscatlst: [12, NetlabelCategories],
}) {}

/** NLBL_CIPSOv4. */
export const netlabelCipso = genericFamily('NLBL_CIPSOv4', 3, {
  prefix: 'NLBL_CIPSOV4_C_',
  commands: {
    add: [1, NetlabelCipso],
    remove: [2, NetlabelCipso],
    list: [3, NetlabelCipso],
    listall: [4, NetlabelCipso],
  },
  config: 'CONFIG_NETLABEL',
});

/** A domain of interpretation of CALIPSO (RFC 5570). */
export class NetlabelCalipso extends attrs('NLBL_CALIPSO_A_', { doi: [1, u32], mtype: [2, netlabelMap] }) {}

/** NLBL_CALIPSO. */
export const netlabelCalipso = genericFamily('NLBL_CALIPSO', 3, {
  prefix: 'NLBL_CALIPSO_C_',
  commands: {
    add: [1, NetlabelCalipso],
    remove: [2, NetlabelCalipso],
    list: [3, NetlabelCalipso],
    listall: [4, NetlabelCalipso],
  },
  config: 'CONFIG_NETLABEL',
});

/** Whether packets without a label are taken, or which label is theirs. */
export class NetlabelUnlabeled extends attrs('NLBL_UNLABEL_A_', {
  acptflg: [1, u8],
  ipv6addr: [2, ipv6],
  ipv6mask: [3, ipv6],
  ipv4addr: [4, ipv4],
  ipv4mask: [5, ipv4],
  iface: [6, string],
  secctx: [7, string],
}) {}

/** NLBL_UNLBL. */
export const netlabelUnlabeled = genericFamily('NLBL_UNLBL', 3, {
  prefix: 'NLBL_UNLABEL_C_',
  commands: {
    accept: [1, NetlabelUnlabeled],
    list: [2, NetlabelUnlabeled],
    staticadd: [3, NetlabelUnlabeled],
    staticremove: [4, NetlabelUnlabeled],
    staticlist: [5, NetlabelUnlabeled],
    staticadddef: [6, NetlabelUnlabeled],
    staticremovedef: [7, NetlabelUnlabeled],
    staticlistdef: [8, NetlabelUnlabeled],
  },
  config: 'CONFIG_NETLABEL',
});
