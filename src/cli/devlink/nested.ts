/** Devices that are in others: of a line card, of a function. */
import type { DevlinkHandle } from '../../families/generic/devlink/index.ts';
import type { Layout } from './layout.ts';
import { deviceName } from './speak.ts';

export function nestedDevices(layout: Layout, devices: readonly DevlinkHandle[]): void {
  const all = devices.filter(({ busName, devName }) => busName !== undefined && devName !== undefined);
  if (all.length === 0) return;
  layout.object('nested_devlink', () => {
    layout.item('');
    for (const one of all) {
      const id = one.netnsId;
      layout.about(deviceName(one), () => {
        if (id === undefined) return;
        const name = id < 0 ? undefined : layout.context.namespaceName?.(id);
        if (name !== undefined) layout.more('netns', name);
        else layout.more('netnsid', id, 'netnsid', id < 0 ? 'unknown' : id);
      }, id !== undefined);
    }
    layout.back();
  });
}
