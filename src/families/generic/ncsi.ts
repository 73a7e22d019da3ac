/** NCSI: management controllers that share a host's network card. Source: include/uapi/linux/ncsi.h, net/ncsi/ncsi-netlink.c. */
import { attrs, binary, flag, genericFamily, multi, string, u16, u32 } from '../../codec/index.ts';

/** Networks that a channel lets through. */
export class NcsiVlans extends attrs('NCSI_CHANNEL_ATTR_', { vlanId: [10, multi(u16)] }) {}

/** A channel: a port of the card. */
export class NcsiChannel extends attrs('NCSI_CHANNEL_ATTR_', {
  id: [2, u32],
  versionMajor: [3, u32],
  versionMinor: [4, u32],
  versionStr: [5, string],
  linkState: [6, u32],
  active: [7, flag],
  forced: [8, flag],
  vlanList: [9, NcsiVlans],
}) {}

/** Channels, each in a nest of its own. */
export class NcsiChannels extends attrs('NCSI_CHANNEL_', { attr: [1, multi(NcsiChannel)] }) {}

/** A package: a card. */
export class NcsiPackage extends attrs('NCSI_PKG_ATTR_', {
  id: [2, u32],
  /** It is the one that is preferred. */
  forced: [3, flag],
  channelList: [4, NcsiChannels],
}) {}

/** Packages, each in a nest of its own. */
export class NcsiPackages extends attrs('NCSI_PKG_', { attr: [1, multi(NcsiPackage)] }) {}

/** The packages of a link, or which of them is to be used. */
export class NcsiState extends attrs('NCSI_ATTR_', {
  ifindex: [1, u32],
  packageList: [2, NcsiPackages],
  packageId: [3, u32],
  channelId: [4, u32],
  /** A command of NC-SI, or its answer. */
  data: [5, binary],
  multiFlag: [6, flag],
  packageMask: [7, u32],
  channelMask: [8, u32],
}) {}

/** NCSI. */
export const ncsi = genericFamily('NCSI', 0, {
  prefix: 'NCSI_CMD_',
  commands: {
    pkgInfo: [1, NcsiState],
    setInterface: [2, NcsiState],
    clearInterface: [3, NcsiState],
    sendCmd: [4, NcsiState],
    setPackageMask: [5, NcsiState],
    setChannelMask: [6, NcsiState],
  },
  config: 'CONFIG_NET_NCSI',
});
