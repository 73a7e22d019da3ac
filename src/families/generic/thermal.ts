/** thermal: zones, trips, cooling devices, and thresholds. Source: include/uapi/linux/thermal.h, drivers/thermal/thermal_netlink.c. */
import { attrs, binary, enumeration, flags, genericFamily, groups, s32, string, u32 } from '../../codec/index.ts';

/** What is done when a trip is passed. */
export const thermalTrip = enumeration(u32, { active: 0, passive: 1, hot: 2, critical: 3 }, 'THERMAL_TRIP_');
/** Whether a zone is watched. */
export const thermalMode = enumeration(u32, { disabled: 0, enabled: 1 }, 'THERMAL_DEVICE_');
/** A zone. Temperatures are thousandths of a degree Celsius. */
export class ThermalZone extends attrs('THERMAL_GENL_ATTR_', { tzId: [2, u32], tzName: [10, string] }) {}
/** A trip of a zone. */
export class ThermalTrip extends attrs('THERMAL_GENL_ATTR_', { tzTripId: [5, u32], tzTripType: [6, thermalTrip], tzTripTemp: [7, s32], tzTripHyst: [8, u32] }) {}
/** A cooling device. */
export class ThermalCooler extends attrs('THERMAL_GENL_ATTR_', { cdevId: [15, u32], cdevName: [18, string] }) {}

/** What a processor can, as firmware says now: of 1023. */
export class ThermalCpu extends attrs('THERMAL_GENL_ATTR_', {
  cpuCapabilityId: [21, u32],
  cpuCapabilityPerformance: [22, u32],
  cpuCapabilityEfficiency: [23, u32],
}) {}

/** Which way a threshold is passed. */
export const thermalWay = flags(u32, { up: 1, down: 2 }, 'THERMAL_THRESHOLD_WAY_');
/** A threshold of a zone. */
export class ThermalThreshold extends attrs('THERMAL_GENL_ATTR_', { thresholdTemp: [25, s32], thresholdDirection: [26, thermalWay] }) {}

/** What is told, or asked for. */
export class ThermalState extends attrs('THERMAL_GENL_ATTR_', {
  tz: [1, groups(ThermalZone)],
  tzId: [2, u32],
  tzTemp: [3, s32],
  tzTrip: [4, groups(ThermalTrip)],
  tzTripId: [5, u32],
  tzTripType: [6, thermalTrip],
  tzTripTemp: [7, s32],
  tzTripHyst: [8, u32],
  tzMode: [9, thermalMode],
  tzName: [10, string],
  tzCdevWeight: [11, u32],
  tzGov: [12, binary],
  tzGovName: [13, string],
  cdev: [14, groups(ThermalCooler)],
  cdevId: [15, u32],
  cdevCurState: [16, u32],
  cdevMaxState: [17, u32],
  cdevName: [18, string],
  govName: [19, string],
  cpuCapability: [20, groups(ThermalCpu)],
  threshold: [24, groups(ThermalThreshold)],
  thresholdTemp: [25, s32],
  thresholdDirection: [26, thermalWay],
  tzPrevTemp: [27, s32],
}) {}

/** thermal. The answers to its dumps have no sequence number, as events have none: clients that look at it pass them over. */
export const thermal = genericFamily('thermal', 2, {
  prefix: 'THERMAL_GENL_CMD_',
  commands: {
    tzGetId: [1, ThermalState],
    tzGetTrip: [2, ThermalState],
    tzGetTemp: [3, ThermalState],
    tzGetGov: [4, ThermalState],
    tzGetMode: [5, ThermalState],
    cdevGet: [6, ThermalState],
    thresholdGet: [7, ThermalState],
    thresholdAdd: [8, ThermalState],
    thresholdDelete: [9, ThermalState],
    thresholdFlush: [10, ThermalState],
  },
  events: {
    prefix: 'THERMAL_GENL_EVENT_',
    commands: {
      samplingTemp: [0, ThermalState, 'THERMAL_GENL_SAMPLING_TEMP'],
      tzCreate: [1, ThermalState],
      tzDelete: [2, ThermalState],
      tzDisable: [3, ThermalState],
      tzEnable: [4, ThermalState],
      tzTripUp: [5, ThermalState],
      tzTripDown: [6, ThermalState],
      tzTripChange: [7, ThermalState],
      tzTripAdd: [8, ThermalState],
      tzTripDelete: [9, ThermalState],
      cdevAdd: [10, ThermalState],
      cdevDelete: [11, ThermalState],
      cdevStateUpdate: [12, ThermalState],
      tzGovChange: [13, ThermalState],
      cpuCapabilityChange: [14, ThermalState],
      thresholdAdd: [15, ThermalState],
      thresholdDelete: [16, ThermalState],
      thresholdFlush: [17, ThermalState],
      thresholdUp: [18, ThermalState],
      thresholdDown: [19, ThermalState],
    },
  },
  groups: { sampling: 'sampling', event: 'event' },
  config: 'CONFIG_THERMAL_NETLINK',
});
