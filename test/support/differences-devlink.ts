/** Rows of the table of differences about devlink. */
import type { Difference } from './differences.ts';

const live = { met: 'live/cli-devlink' } as const;

export const devlinkDifferences: readonly Difference[] = [
  { id: 'devlink-questions', topic: 'bytes', command: 'devlink dev param set, resource set, port function rate set', theirs: 'what is asked before the change has attributes of the change in it', ours: 'only what it is about', why: 'the kernel reads no others', met: ['cli-devlink', 'live/cli-devlink'] },
  { id: 'devlink-twice', topic: 'bytes', command: 'devlink health recover, health dump clear', theirs: 'every attribute twice', ours: 'once', why: 'the second says nothing new', ...live },
  { id: 'devlink-status', topic: 'status', command: 'any line that the kernel refuses', theirs: '1', ours: '2, and the words of the kernel', why: 'a program can tell a typo (1) from a refusal (2) and from a lack of permission (3)', ...live },
  { id: 'devlink-nothing', topic: 'words', command: 'devlink port function set DEV/PORT', theirs: 'sends a change of nothing', ours: 'asks what should be set', why: 'a mistake is said before it does something else', ...live },
  { id: 'devlink-some', topic: 'words', command: 'devlink trap policer show DEV, port function rate show DEV', theirs: 'refused', ours: 'those of the device', why: 'all else can be asked for so', ...live },
  { id: 'devlink-resource-tables', topic: 'print', command: 'devlink resource show', theirs: '`dpipe_tables none`, whatever tables there are', ours: 'the tables that a resource is for', why: 'it is what the kernel said', met: 'cli-devlink' },
  { id: 'devlink-region-json', topic: 'json', command: 'devlink -j region dump, region read', theirs: 'the keys `address` and `data` again and again in one object: parsers keep the last', ours: 'once, with all bytes', why: 'what is asked for as JSON is read by programs', ...live },
  { id: 'devlink-json-nothing', topic: 'json', command: 'devlink -j dev param set', theirs: 'an empty line', ours: 'nothing', why: 'nothing is told', ...live },
  { id: 'devlink-monitor-health', topic: 'print', command: 'devlink monitor health', theirs: 'an event about a device that the one before was about does not say so, and stands further to the right', ours: 'every event says what it is about', why: 'a line can be read alone', ...live },
  { id: 'devlink-monitor-json', topic: 'json', command: 'devlink -j monitor', theirs: 'one object, which ends with the command', ours: 'an object a line, with its time', why: 'as all events of nlkit', ...live },
];
