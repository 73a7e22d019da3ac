/** dev-energymodel: what devices take at each of their speeds. Source: include/uapi/linux/dev_energymodel.h, kernel/power/em_netlink.c. */
import { attrs, genericFamily, multi, pad, u32, u64 } from '../../codec/index.ts';

/** Devices that change speed together. */
export class EnergyDomain extends attrs('DEV_ENERGYMODEL_A_PERF_DOMAIN_', {
  pad: [1, pad],
  perfDomainId: [2, u32],
  /** 1: power is in microwatts, 2: states that waste are passed over, 4: power is made up. */
  flags: [3, u64],
  cpus: [4, multi(u64)],
}) {}

/** One speed. */
export class EnergyState extends attrs('DEV_ENERGYMODEL_A_PERF_STATE_', {
  pad: [1, pad],
  performance: [2, u64],
  /** Kilohertz. */
  frequency: [3, u64],
  power: [4, u64],
  cost: [5, u64],
  /** 1: it wastes. */
  flags: [6, u64],
}) {}

/** A domain's speeds. */
export class EnergyTable extends attrs('DEV_ENERGYMODEL_A_PERF_TABLE_', { perfDomainId: [1, u32], perfState: [2, multi(EnergyState)] }) {}

/** dev-energymodel. */
export const devEnergymodel = genericFamily('dev-energymodel', 1, {
  prefix: 'DEV_ENERGYMODEL_CMD_',
  commands: {
    getPerfDomains: [1, EnergyDomain],
    getPerfTable: [2, EnergyTable],
    perfDomainCreated: [3, EnergyTable],
    perfDomainUpdated: [4, EnergyTable],
    perfDomainDeleted: [5, EnergyTable],
  },
  groups: { event: 'event' },
  config: 'CONFIG_ENERGY_MODEL',
});
