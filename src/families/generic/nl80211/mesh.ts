/** Settings of a mesh. Source: include/uapi/linux/nl80211.h, net/wireless/nl80211.c. */
import { attrs, binary, flag, s32, u16, u32, u8 } from '../../../codec/index.ts';
import { nl80211MeshPower } from './values.ts';

/** How a mesh is run. Times are milliseconds, or units of 1.024. */
export class Nl80211MeshConfig extends attrs('NL80211_MESHCONF_', {
  retryTimeout: [1, u16],
  confirmTimeout: [2, u16],
  holdingTimeout: [3, u16],
  maxPeerLinks: [4, u16],
  maxRetries: [5, u8],
  ttl: [6, u8],
  autoOpenPlinks: [7, u8],
  hwmpMaxPreqRetries: [8, u8],
  pathRefreshTime: [9, u32],
  minDiscoveryTimeout: [10, u16],
  hwmpActivePathTimeout: [11, u32],
  hwmpPreqMinInterval: [12, u16],
  hwmpNetDiamTrvsTime: [13, u16],
  hwmpRootmode: [14, u8],
  elementTtl: [15, u8],
  hwmpRannInterval: [16, u16],
  gateAnnouncements: [17, u8],
  hwmpPerrMinInterval: [18, u16],
  forwarding: [19, u8],
  /** dBm. */
  rssiThreshold: [20, s32],
  syncOffsetMaxNeighbor: [21, u32],
  htOpmode: [22, u16],
  hwmpPathToRootTimeout: [23, u32],
  hwmpRootInterval: [24, u16],
  hwmpConfirmationInterval: [25, u16],
  powerMode: [26, nl80211MeshPower],
  awakeWindow: [27, u16],
  /** Seconds. */
  plinkTimeout: [28, u32],
  connectedToGate: [29, u8],
  nolearn: [30, u8],
  connectedToAs: [31, u8],
}) {}

/** How a mesh begins. */
export class Nl80211MeshSetup extends attrs('NL80211_MESH_SETUP_', {
  enableVendorPathSel: [1, u8],
  enableVendorMetric: [2, u8],
  ie: [3, binary],
  userspaceAuth: [4, flag],
  userspaceAmpe: [5, flag],
  enableVendorSync: [6, u8],
  userspaceMpm: [7, flag],
  authProtocol: [8, u8],
}) {}
