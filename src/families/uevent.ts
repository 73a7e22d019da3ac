/** NETLINK_KOBJECT_UEVENT: events of devices. They are text without nlmsghdr (codec/uevent.ts), so that there are groups and no messages. Source: lib/kobject_uevent.c. */
import { protocol } from '../codec/index.ts';

export const uevent = protocol('kobject_uevent', 15, {
  prefix: '', messages: {},
  groups: {
    /** As devices come, change and go. */
    kernel: [1, 'UDEV_MONITOR_KERNEL'],
    /** The same when udev has named them and set them up. */
    udev: [2, 'UDEV_MONITOR_UDEV'],
  },
});
