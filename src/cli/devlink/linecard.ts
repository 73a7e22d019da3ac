/** `devlink lc`: line cards (net/devlink/linecard.c). */
import { is, to, type Command } from '../grammar.ts';
import { text, u32 } from '../values.ts';
import { change, deviceName, show, snake, type Show } from './speak.ts';

export const printLinecard: Show = (layout, body) => {
  const { linecardIndex, linecardState, linecardType, nestedDevlink: [nested] = [], linecardSupportedTypes } = body;
  if (linecardIndex === undefined || linecardState === undefined) return;
  layout.listed(deviceName(body), () => {
    layout.word('lc', linecardIndex);
    layout.more('state', snake(linecardState));
    layout.more('type', linecardType);
    if (nested) layout.more('nested_devlink', deviceName(nested));
    if (linecardSupportedTypes) {
      layout.array('supported_types', () => {
        layout.item('');
        for (const type of linecardSupportedTypes.linecardType ?? []) {
          layout.plain(null, type);
          layout.raw(` ${type}`);
        }
      });
    }
  });
};

const index = { lc: to('linecardIndex', u32('INDEX')) }, DEV = 'pci/0000:01:00.0';

export const linecard: Command = {
  summary: 'line cards', otherwise: 'show', examples: ['devlink lc', `devlink lc show ${DEV} lc 1`, `devlink lc set ${DEV} lc 1 type 16x100G`],
  commands: {
    'show|list': show({ summary: 'print line cards', line: '[ DEV [ lc INDEX ] ]', examples: ['devlink lc', `devlink lc show ${DEV} lc 1`], section: 'lc', message: 'linecardGet', one: ['dev'], needs: index, some: ['dev'], print: printLinecard }),
    set: change({ summary: 'set up a slot for a card', line: 'DEV lc INDEX { type TYPE | notype }', examples: [`devlink lc set ${DEV} lc 1 type 16x100G`, `devlink lc set ${DEV} lc 1 notype`], message: 'linecardSet', on: ['dev'], needs: { ...index, type: to('linecardType', text('TYPE')) }, options: { notype: is('linecardType', '') } }),
  },
};
