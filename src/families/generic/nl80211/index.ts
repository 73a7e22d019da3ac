/** nl80211: wireless LAN. Source: include/uapi/linux/nl80211.h, net/wireless/nl80211.c. */
import { genericFamily } from '../../../codec/index.ts';
import { Nl80211 } from './attributes.ts';
import { nl80211Commands } from './commands.ts';

export * from './access-point.ts';
export * from './attributes.ts';
export * from './commands.ts';
export * from './measurement.ts';
export * from './mesh.ts';
export * from './nan.ts';
export * from './parts.ts';
export * from './scan.ts';
export * from './security.ts';
export * from './station.ts';
export * from './values.ts';
export * from './wake.ts';
export * from './wiphy.ts';

type Commands = { readonly [K in keyof typeof nl80211Commands]: readonly [(typeof nl80211Commands)[K], typeof Nl80211] };

/** nl80211. */
export const nl80211 = genericFamily('nl80211', 1, {
  prefix: 'NL80211_CMD_',
  commands: Object.fromEntries(Object.entries(nl80211Commands).map(([key, number]) => [key, [number, Nl80211]])) as unknown as Commands,
  groups: { config: 'config', scan: 'scan', regulatory: 'regulatory', mlme: 'mlme', vendor: 'vendor', nan: 'nan', testmode: 'testmode' },
  config: 'CONFIG_CFG80211',
  module: 'cfg80211',
});
