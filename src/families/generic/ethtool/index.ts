/** ethtool: settings of network devices. Source: include/uapi/linux/ethtool_netlink.h, include/uapi/linux/ethtool_netlink_generated.h, net/ethtool/netlink.c. */
import { genericFamily } from '../../../codec/index.ts';
import { EthtoolCableTdr, EthtoolCableTdrEvent, EthtoolCableTest, EthtoolCableTestEvent } from './cable.ts';
import { EthtoolChannels, EthtoolCoalesce, EthtoolFeatures, EthtoolPause, EthtoolPrivFlags, EthtoolRings } from './device.ts';
import { EthtoolDebug, EthtoolLinkInfo, EthtoolLinkModes, EthtoolLinkState, EthtoolWol } from './link.ts';
import { EthtoolModule, EthtoolModuleEeprom, EthtoolModuleFirmware } from './module.ts';
import { EthtoolEee, EthtoolFec, EthtoolMm, EthtoolMse, EthtoolPhy, EthtoolPlca, EthtoolPse, EthtoolPseEvent } from './phy.ts';
import { EthtoolRss, EthtoolTunnels } from './rss.ts';
import { EthtoolStats } from './stats.ts';
import { EthtoolStrset } from './strings.ts';
import { EthtoolTimestampConfig, EthtoolTimestamps, EthtoolVirtualClocks } from './time.ts';

export * from './bitset.ts';
export * from './cable.ts';
export * from './device.ts';
export * from './link.ts';
export * from './module.ts';
export * from './phy.ts';
export * from './rss.ts';
export * from './stats.ts';
export * from './strings.ts';
export * from './time.ts';

/** ethtool. The kernel numbers what it sends apart from what it is sent. */
export const ethtool = genericFamily('ethtool', 1, {
  prefix: 'ETHTOOL_MSG_',
  commands: {
    strsetGet: [1, EthtoolStrset],
    linkinfoGet: [2, EthtoolLinkInfo],
    linkinfoSet: [3, EthtoolLinkInfo],
    linkmodesGet: [4, EthtoolLinkModes],
    linkmodesSet: [5, EthtoolLinkModes],
    linkstateGet: [6, EthtoolLinkState],
    debugGet: [7, EthtoolDebug],
    debugSet: [8, EthtoolDebug],
    wolGet: [9, EthtoolWol],
    wolSet: [10, EthtoolWol],
    featuresGet: [11, EthtoolFeatures],
    featuresSet: [12, EthtoolFeatures],
    privflagsGet: [13, EthtoolPrivFlags],
    privflagsSet: [14, EthtoolPrivFlags],
    ringsGet: [15, EthtoolRings],
    ringsSet: [16, EthtoolRings],
    channelsGet: [17, EthtoolChannels],
    channelsSet: [18, EthtoolChannels],
    coalesceGet: [19, EthtoolCoalesce],
    coalesceSet: [20, EthtoolCoalesce],
    pauseGet: [21, EthtoolPause],
    pauseSet: [22, EthtoolPause],
    eeeGet: [23, EthtoolEee],
    eeeSet: [24, EthtoolEee],
    tsinfoGet: [25, EthtoolTimestamps],
    cableTestAct: [26, EthtoolCableTest],
    cableTestTdrAct: [27, EthtoolCableTdr],
    tunnelInfoGet: [28, EthtoolTunnels],
    fecGet: [29, EthtoolFec],
    fecSet: [30, EthtoolFec],
    moduleEepromGet: [31, EthtoolModuleEeprom],
    statsGet: [32, EthtoolStats],
    phcVclocksGet: [33, EthtoolVirtualClocks],
    moduleGet: [34, EthtoolModule],
    moduleSet: [35, EthtoolModule],
    pseGet: [36, EthtoolPse],
    pseSet: [37, EthtoolPse],
    rssGet: [38, EthtoolRss],
    plcaGetCfg: [39, EthtoolPlca],
    plcaSetCfg: [40, EthtoolPlca],
    plcaGetStatus: [41, EthtoolPlca],
    mmGet: [42, EthtoolMm],
    mmSet: [43, EthtoolMm],
    moduleFwFlashAct: [44, EthtoolModuleFirmware],
    phyGet: [45, EthtoolPhy],
    tsconfigGet: [46, EthtoolTimestampConfig],
    tsconfigSet: [47, EthtoolTimestampConfig],
    rssSet: [48, EthtoolRss],
    rssCreateAct: [49, EthtoolRss],
    rssDeleteAct: [50, EthtoolRss],
    mseGet: [51, EthtoolMse],
  },
  events: {
    prefix: 'ETHTOOL_MSG_',
    answers: true,
    commands: {
      strsetGetReply: [1, EthtoolStrset],
      linkinfoGetReply: [2, EthtoolLinkInfo],
      linkinfoNtf: [3, EthtoolLinkInfo],
      linkmodesGetReply: [4, EthtoolLinkModes],
      linkmodesNtf: [5, EthtoolLinkModes],
      linkstateGetReply: [6, EthtoolLinkState],
      debugGetReply: [7, EthtoolDebug],
      debugNtf: [8, EthtoolDebug],
      wolGetReply: [9, EthtoolWol],
      wolNtf: [10, EthtoolWol],
      featuresGetReply: [11, EthtoolFeatures],
      featuresSetReply: [12, EthtoolFeatures],
      featuresNtf: [13, EthtoolFeatures],
      privflagsGetReply: [14, EthtoolPrivFlags],
      privflagsNtf: [15, EthtoolPrivFlags],
      ringsGetReply: [16, EthtoolRings],
      ringsNtf: [17, EthtoolRings],
      channelsGetReply: [18, EthtoolChannels],
      channelsNtf: [19, EthtoolChannels],
      coalesceGetReply: [20, EthtoolCoalesce],
      coalesceNtf: [21, EthtoolCoalesce],
      pauseGetReply: [22, EthtoolPause],
      pauseNtf: [23, EthtoolPause],
      eeeGetReply: [24, EthtoolEee],
      eeeNtf: [25, EthtoolEee],
      tsinfoGetReply: [26, EthtoolTimestamps],
      cableTestNtf: [27, EthtoolCableTestEvent],
      cableTestTdrNtf: [28, EthtoolCableTdrEvent],
      tunnelInfoGetReply: [29, EthtoolTunnels],
      fecGetReply: [30, EthtoolFec],
      fecNtf: [31, EthtoolFec],
      moduleEepromGetReply: [32, EthtoolModuleEeprom],
      statsGetReply: [33, EthtoolStats],
      phcVclocksGetReply: [34, EthtoolVirtualClocks],
      moduleGetReply: [35, EthtoolModule],
      moduleNtf: [36, EthtoolModule],
      pseGetReply: [37, EthtoolPse],
      rssGetReply: [38, EthtoolRss],
      plcaGetCfgReply: [39, EthtoolPlca],
      plcaGetStatusReply: [40, EthtoolPlca],
      plcaNtf: [41, EthtoolPlca],
      mmGetReply: [42, EthtoolMm],
      mmNtf: [43, EthtoolMm],
      moduleFwFlashNtf: [44, EthtoolModuleFirmware],
      phyGetReply: [45, EthtoolPhy],
      phyNtf: [46, EthtoolPhy],
      tsconfigGetReply: [47, EthtoolTimestampConfig],
      tsconfigSetReply: [48, EthtoolTimestampConfig],
      pseNtf: [49, EthtoolPseEvent],
      rssNtf: [50, EthtoolRss],
      rssCreateActReply: [51, EthtoolRss],
      rssCreateNtf: [52, EthtoolRss],
      rssDeleteNtf: [53, EthtoolRss],
      mseGetReply: [54, EthtoolMse],
    },
  },
  groups: { monitor: 'monitor' },
  config: 'CONFIG_ETHTOOL_NETLINK',
});
