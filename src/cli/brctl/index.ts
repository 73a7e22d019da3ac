/** `brctl`: bridge-utils' words, by netlink instead of ioctl. Times are in seconds. */
import type { Command } from '../grammar.ts';
import { addBridge, addPorts, bridgeSetting, deleteBridge, deletePorts, portSetting } from './change.ts';
import { deviceName } from '../values.ts';
import { show, showMacs, showStp } from './show.ts';

/** Yes or no, in all the ways brctl takes. */
const yesNo = { on: 1, yes: 1, '1': 1, off: 0, no: 0, '0': 0 };

const devices = [{ ...deviceName, several: true }];

export const brctl: Command = {
  summary: 'bridges, with the words of bridge-utils',
  examples: ['brctl show', 'brctl addbr br0', 'brctl addif br0 eth0', 'brctl stp br0 on', 'brctl showmacs br0'],
  commands: {
    addbr: { summary: 'make a bridge', usage: 'BRIDGE', run: addBridge },
    delbr: { summary: 'delete a bridge', usage: 'BRIDGE', places: [deviceName], run: deleteBridge },
    addif: { summary: 'plug links into a bridge', usage: 'BRIDGE DEVICE ...', places: devices, run: addPorts },
    delif: { summary: 'unplug links', usage: 'BRIDGE DEVICE ...', places: devices, run: deletePorts },
    hairpin: portSetting('let frames go back out where they came in', 'mode', { words: yesNo }),
    setageing: bridgeSetting('life of learned addresses', 'ageingTime', { seconds: true }),
    setbridgeprio: bridgeSetting('priority in the spanning tree', 'priority', { max: 0xffff }),
    setfd: bridgeSetting('forward delay', 'forwardDelay', { seconds: true }),
    sethello: bridgeSetting('hello time', 'helloTime', { seconds: true }),
    setmaxage: bridgeSetting('maximum message age', 'maxAge', { seconds: true }),
    setpathcost: portSetting('path cost', 'cost', { max: 0xffffffff }),
    setportprio: portSetting('port priority', 'priority', { max: 0xff }),
    setmcsnoop: bridgeSetting('multicast snooping', 'mcastSnooping', { words: yesNo }),
    show: { summary: 'print bridges and their ports', usage: '[ BRIDGE ... ]', places: devices, run: show },
    showmacs: { summary: 'print learned addresses', usage: 'BRIDGE', places: [deviceName], run: showMacs },
    showstp: { summary: 'print the spanning tree', usage: 'BRIDGE', places: [deviceName], run: showStp },
    stp: bridgeSetting('spanning tree', 'stpState', { words: yesNo }),
  },
};
