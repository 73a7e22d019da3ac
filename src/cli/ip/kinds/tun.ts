/** `type tun`, made by `ip tuntap` and only shown here: drivers/net/tun.c. */
import { readFileSync } from 'node:fs';
import { via } from '../../print/formats.ts';
import type { Json, Printer } from '../../print/printer.ts';
import { plain, toggle, type Kind } from './kind.ts';

/** The name of a user or group by its number, where the system's file has one. */
function account(file: string) {
  return via((id) => {
    try {
      const line = readFileSync(file, 'utf8').split('\n').find((entry) => entry.split(':')[2] === String(id));
      return line?.split(':')[0] ?? id;
    } catch {
      return id;
    }
  });
}

function queues(printer: Printer, data: Json): void {
  const many = data['multiQueue'];
  if (many === undefined) return;
  printer.value('multi_queue', null, Boolean(many));
  if (!many) return;
  printer.text('multi_queue ');
  printer.value('numqueues', 'numqueues % ', data['numQueues']);
  printer.value('numdisabled', 'numdisabled % ', data['numDisabledQueues']);
}

export const tun: Kind = {
  options: {},
  sheet: [
    plain('type'),
    toggle('pi'),
    toggle('vnet_hdr'),
    queues,
    toggle('persist'),
    ['user', 'user % ', 'owner', account('/etc/passwd')],
    ['group', 'group % ', 'group', account('/etc/group')],
  ],
};
