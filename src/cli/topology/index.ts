/** `nlkit topology`: who is plugged into whom. */
import { build, collect, toDot, toMermaid, toSvg, toTree, type Topology } from '../../topology/index.ts';
import { dumps } from '../../topology/collect.ts';
import { LAYOUT_PACKAGE } from '../../topology/layout.ts';
import type { Context } from '../context.ts';
import { CliError, entering, exits } from '../errors.ts';
import { is, parse, to, type Command, type Grammar } from '../grammar.ts';
import { oneOf } from '../values.ts';
import type { Words } from '../words.ts';

const formats: Readonly<Record<string, (topology: Topology, context: Context) => string>> = {
  tree: (topology, { options }) => toTree(topology, { details: options.details > 0 }),
  dot: toDot,
  mermaid: toMermaid,
  svg: picture,
  json: (topology, { options }) => `${JSON.stringify(topology, null, options.pretty ? 2 : undefined)}\n`,
};

const options: Grammar = {
  '--all|-a': is('all', true, 'also loopbacks, links that are off and plugged into nothing, and namespaces with nothing else'),
  '--output|-o': to('format', oneOf(...Object.keys(formats)), 'default tree, or json after -j'),
};

async function show(context: Context, words: Words): Promise<number> {
  const { all = context.options.all, format = context.options.json ? 'json' : 'tree' } = parse(options, words, {}, context) as { all?: boolean; format?: string };
  if (context.options.dryRun) {
    for (const [message, body] of Object.values(dumps)) context.kernel.dump(message, body);
    return exits.ok;
  }
  const { netns } = context.options;
  let facts;
  try {
    facts = await collect(netns === undefined ? {} : { namespace: netns });
  } catch (error) {
    throw netns === undefined ? error : entering(netns, error);
  }
  const topology = build(facts, { all });
  context.out.write((formats[format] as NonNullable<(typeof formats)[string]>)(topology, context));
  if (topology.unseen.length) context.out.error(topology.unseen.map((what) => `not seen: ${what}`).join('\n'));
  return exits.ok;
}

function picture(topology: Topology): string {
  try { return toSvg(topology); } catch (error) {
    if ((error as { code?: unknown }).code !== 'ERR_NLKIT_NO_LAYOUT') throw error;
    throw new CliError((error as Error).message, exits.usage, `npm install ${LAYOUT_PACKAGE} (with -g where nlkit was installed with it); or -o dot | dot -Tsvg`);
  }
}

export const topology: Command = {
  summary: 'network namespaces, their links, and who is plugged into whom',
  examples: ['topology', 'topology -o svg > network.svg', 'topology -o dot | dot -Tpng > network.png', 'topology --all -o json', '-n s1 topology'],
  usage: '[ --all ] [ -o { tree | dot | mermaid | svg | json } ]',
  options,
  run: show,
};
