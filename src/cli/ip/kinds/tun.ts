/** `type tun`, made by `ip tuntap` and only shown here: drivers/net/tun.c. */
import { accountName } from '../../accounts.ts';
import type { Json, Printer } from '../../print/printer.ts';
import { plain, toggle, type Kind } from './kind.ts';

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
    ['user', 'user % ', 'owner', accountName('user')],
    ['group', 'group % ', 'group', accountName('group')],
  ],
};
