/** `nlkit docker-plugin`: networks for docker. */
import { answer, Driver, PluginError, serve, SOCKET } from '../../docker/index.ts';
import { NetworkError } from '../../network/index.ts';
import { ended } from '../../network/listen.ts';
import type { Context } from '../context.ts';
import { CliError, exits, usage } from '../errors.ts';
import { parse, to, type Command, type Grammar } from '../grammar.ts';
import { gnu } from '../net/options.ts';
import { text } from '../values.ts';
import type { Words } from '../words.ts';

const options: Grammar = { '--socket': to('socket', text('PATH', { completes: 'file' }), `where to listen; ${SOCKET} when none is named`) };

async function run(context: Context, words: Words): Promise<void> {
  const { socket = SOCKET } = parse(options, gnu(words), {}, context) as { socket?: string }, { netns, dryRun } = context.options;
  if (dryRun) throw usage('a plugin does what it is asked to do: there is no --dry-run of it', 'nlkit net plan shows what a network is made of');
  try {
    const driver = new Driver(netns === undefined ? {} : { namespace: netns }, (text) => context.out.error(`${text}\n`)), end = ended();
    for (const { network, error } of await driver.restore()) context.out.error(`${network}: ${error.message}\n`);
    const server = await serve(socket, (request) => answer(driver, request));
    context.out.error(`listening at ${socket}\n`);
    await end;
    await new Promise<void>((resolve) => { server.close(() => resolve()); server.closeIdleConnections(); });
  } catch (error) {
    if (error instanceof PluginError) throw new CliError(error.message, exits.refused);
    if (error instanceof NetworkError) throw new CliError(error.message, error.code === 'DENIED' ? exits.noTransport : exits.refused, error.hint);
    throw error;
  }
}

export const dockerPlugin: Command = {
  summary: 'networks for docker: its network and IPAM plugin',
  examples: ['docker-plugin', 'docker-plugin --socket /run/docker/plugins/lab.sock'],
  usage: '[ --socket PATH ]', options, run,
};
