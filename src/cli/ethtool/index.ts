/** `ethtool`: what it does over netlink, with its words. Options stand before them: `-I`, `--json`. */
import type { Command } from '../grammar.ts';
import { setMerge, setPlca, setPower, showMerge, showPlca, showPlcaStatus, showPower } from './buses.ts';
import { testCable, testReflections } from './cable.ts';
import { change } from './change.ts';
import { showEeprom } from './eeprom.ts';
import { setFeatures, showFeatures } from './features.ts';
import { monitor } from './monitor.ts';
import { setEee, setFec, setModule, setPrivateFlags, showAddress, showEee, showFec, showModule, showPrivateFlags, showTimestamps, showTunnels } from './phy.ts';
import { setChannels, setCoalesce, setPause, setRings, showChannels, showCoalesce, showPause, showRings } from './queues.ts';
import { showRss } from './rss.ts';
import { showSettings } from './settings.ts';
import { showStats } from './stats.ts';

export const ethtool: Command = {
  summary: 'settings of network devices, with the words of ethtool',
  examples: ['ethtool eth0', 'ethtool -k eth0', 'ethtool -K eth0 gro off', 'ethtool -I -a eth0', 'ethtool --monitor'],
  usage: '[ -I ] [ --json ] [ OPTION ] DEVNAME ...',
  unnamed: 'DEVNAME',
  commands: {
    DEVNAME: showSettings,
    '-s|--change': change,
    '-a|--show-pause': showPause, '-A|--pause': setPause,
    '-c|--show-coalesce': showCoalesce, '-C|--coalesce': setCoalesce,
    '-g|--show-ring': showRings, '-G|--set-ring': setRings,
    '-k|--show-features|--show-offload': showFeatures, '-K|--features|--offload': setFeatures,
    '-l|--show-channels': showChannels, '-L|--set-channels': setChannels,
    '-S|--statistics': showStats,
    '-T|--show-time-stamping': showTimestamps,
    '-P|--show-permaddr': showAddress,
    '-x|--show-rxfh-indir|--show-rxfh': showRss,
    '--show-fec': showFec, '--set-fec': setFec,
    '--show-eee': showEee, '--set-eee': setEee,
    '--show-priv-flags': showPrivateFlags, '--set-priv-flags': setPrivateFlags,
    '--show-tunnels': showTunnels,
    '--show-module': showModule, '--set-module': setModule,
    '-m|--dump-module-eeprom|--module-info': showEeprom,
    '--cable-test': testCable, '--cable-test-tdr': testReflections,
    '--get-plca-cfg': showPlca, '--set-plca-cfg': setPlca, '--get-plca-status': showPlcaStatus,
    '--show-pse': showPower, '--set-pse': setPower,
    '--show-mm': showMerge, '--set-mm': setMerge,
    '--monitor': monitor,
  },
  absent: {
    'not over netlink, which is all that nlkit speaks': [
      '-i', '--driver', '-d', '--register-dump', '-e', '--eeprom-dump', '-E', '--change-eeprom', '-r', '--negotiate', '-p', '--identify', '-t', '--test', '--phy-statistics',
      '-n', '-u', '--show-nfc', '--show-ntuple', '-N', '-U', '--config-nfc', '--config-ntuple', '-f', '--flash', '-w', '--get-dump', '-W', '--set-dump',
      '--get-phy-tunable', '--set-phy-tunable', '--get-tunable', '--set-tunable', '--reset', '-Q', '--per-queue',
    ],
    'no command yet; its messages are declared (kernel 6.17), and ethtool does it by ioctl': ['-X', '--set-rxfh-indir', '--rxfh'],
  },
};
