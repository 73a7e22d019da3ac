/** `devlink`: devices, their ports and what they are made of, with the words of iproute2's devlink. Options stand before them, or behind. */
import type { Command } from '../grammar.ts';
import { dev } from './dev.ts';
import { dpipe } from './dpipe.ts';
import { healthCommands } from './health.ts';
import { linecard } from './linecard.ts';
import { monitor } from './monitor.ts';
import { port } from './port.ts';
import { region } from './region.ts';
import { resource } from './resource.ts';
import { sb } from './sb.ts';
import { trap } from './trap.ts';

export const devlink: Command = {
  summary: 'devices, their ports and what they are made of',
  examples: ['devlink dev info', 'devlink port', 'devlink dev param set pci/0000:01:00.0 name max_macs value 64 cmode driverinit', 'devlink health diagnose pci/0000:01:00.0 reporter fw', 'devlink -j monitor'],
  usage: '[ OPTIONS ] { dev | port | sb | monitor | dpipe | resource | region | health | trap | lc } ...',
  commands: { dev, port, sb, monitor, dpipe, resource, region, health: healthCommands(), trap, 'lc|linecard': linecard },
};
