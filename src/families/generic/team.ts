/** team: options and ports of links of kind team. Source: include/uapi/linux/if_team.h, drivers/net/team/team_core.c. */
import { attrs, binary, enumeration, flag, genericFamily, multi, s32, select, string, u32, u8 } from '../../codec/index.ts';

/** What an option's value is: the NLA_* that policies have. */
export const teamOptionType = enumeration(u8, { u32: 3, string: 5, flag: 6, binary: 11, s32: 14 });
const data = select('type', { u32, string, flag, binary, s32 });

/** An option of the team, or of a port of it. */
export const teamOption = attrs('TEAM_ATTR_OPTION_', {
  name: [1, string],
  /** Since the last telling. */
  changed: [2, flag],
  type: [3, teamOptionType],
  /** A flag that is off is left out. */
  data: [4, data],
  removed: [5, flag],
  /** Of a port: which one. */
  portIfindex: [6, u32],
  /** Of many of one name: which one. */
  arrayIndex: [7, u32],
});

/** Options, each in a nest of its own. */
export class TeamOptions extends attrs('TEAM_ATTR_ITEM_', { option: [1, multi(teamOption)] }) {}

/** A port. */
export class TeamPort extends attrs('TEAM_ATTR_PORT_', {
  ifindex: [1, u32],
  changed: [2, flag],
  linkup: [3, flag],
  /** Mbit/s. */
  speed: [4, u32],
  /** 1: full. */
  duplex: [5, u8],
  removed: [6, flag],
}) {}

/** Ports, each in a nest of its own. */
export class TeamPorts extends attrs('TEAM_ATTR_ITEM_', { port: [1, multi(TeamPort)] }) {}
/** A team's options or ports; a dump of many comes in several messages. */
export class TeamState extends attrs('TEAM_ATTR_', { teamIfindex: [1, u32], listOption: [2, TeamOptions], listPort: [3, TeamPorts] }) {}

/** team. */
export const team = genericFamily('team', 1, {
  prefix: 'TEAM_CMD_',
  commands: {
    noop: [0, TeamState],
    optionsSet: [1, TeamState],
    optionsGet: [2, TeamState],
    portListGet: [3, TeamState],
  },
  groups: { changeEvent: 'change_event' },
  config: 'CONFIG_NET_TEAM',
  module: 'team',
});
