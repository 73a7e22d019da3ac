/** `genl`: the families of generic netlink, as iproute2's genl/ctrl.c asks nlctrl for them. */
import { nlctrl } from '../../families/generic/nlctrl.ts';
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { listen, printAll } from '../generic.ts';
import { parse, to, type Command, type Grammar } from '../grammar.ts';
import { printFamily, printPolicy } from '../print/genl.ts';
import { text, u16 } from '../values.ts';
import type { Words } from '../words.ts';

const options: Grammar = { name: to('familyName', { ...text('NAME'), completes: 'family' }), id: to('familyId', u16('ID')) };

/** The one family that a line names. */
function named(context: Context, words: Words, command: string): object {
  const body = parse(options, words, {}, context);
  if (Object.keys(body).length !== 1) throw usage('which family?', `genl ctrl ${command} { name NAME | id ID }`);
  return body;
}

const ctrl: Command = {
  summary: 'families, their commands, multicast groups and policies',
  examples: ['genl ctrl list', 'genl ctrl get name nlctrl', 'genl ctrl policy name nlctrl', 'genl ctrl monitor'],
  commands: {
    monitor: {
      summary: 'families as they come and go',
      examples: ['genl ctrl monitor'],
      options: {},
      async run(context, words) {
        parse({}, words, {}, context);
        await listen(context, nlctrl, ['notify'], printFamily);
      },
    },
    get: {
      summary: 'print a family',
      examples: ['genl ctrl get name nlctrl', 'genl ctrl get id 0x10'],
      usage: '{ name NAME | id ID }',
      options,
      async run(context, words) {
        const body = named(context, words, 'get');
        printAll(context, [(await context.kernel.generic(nlctrl)).get('getfamily', { ...body })], printFamily);
      },
    },
    'list|show|lst': {
      summary: 'print all families',
      examples: ['genl ctrl list', 'genl -j ctrl list'],
      options: {},
      async run(context, words) {
        parse({}, words, {}, context);
        printAll(context, (await context.kernel.generic(nlctrl)).dump('getfamily', {}), printFamily);
      },
    },
    policy: {
      summary: 'print what requests to a family are checked against',
      examples: ['genl ctrl policy name nlctrl'],
      usage: '{ name NAME | id ID }',
      options,
      async run(context, words) {
        const body = named(context, words, 'policy');
        printAll(context, (await context.kernel.generic(nlctrl)).dump('getpolicy', { ...body }), printPolicy);
      },
    },
  },
};

export const genl: Command = {
  summary: 'the families of generic netlink',
  examples: ['genl ctrl list', 'genl ctrl get name nlctrl'],
  usage: '[ OPTIONS ] ctrl { list | get | policy | monitor }',
  commands: { ctrl },
};
