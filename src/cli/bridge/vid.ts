/** The words of `bridge vlan` that say which VLANs. */
import { usage } from '../errors.ts';
import { act, type Grammar } from '../grammar.ts';
import { device, word } from '../values.ts';

export interface Vid { first: number; last: number | undefined }

export const vidRange = word('VID[-VID]', (given, _context, after): Vid => {
  const ends = /^(\d+)(?:-(\d+))?$/.exec(given);
  const [first, last] = [Number(ends?.[1]), ends?.[2] === undefined ? undefined : Number(ends[2])];
  if (!ends || first > 4094 || (last !== undefined && (last > 4094 || last <= first))) throw usage(`"${given}" is not a VLAN for "${after}"`, '0 to 4094, or a range 10-20');
  return { first, last };
});

export const showOptions: Grammar = {
  dev: act((draft, value) => { draft['dev'] = value; }, device),
  vid: act((draft, value) => { draft['vid'] = value; }, vidRange),
};
