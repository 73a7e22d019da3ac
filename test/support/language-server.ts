/** TypeScript's language server, as an editor asks it: what it shows of a program. */
import { spawn } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';

interface Answer { readonly id?: number; readonly method?: string; readonly params?: { readonly items?: unknown[] }; readonly result?: unknown; readonly error?: { readonly message: string } }
type Documentation = string | { readonly value: string } | undefined;
const plain = (told: Documentation): string => (typeof told === 'object' ? told.value : told ?? '');

/** One file in one folder, whose text may change. Lines and columns count from 0. */
export class LanguageServer {
  readonly #process;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  readonly #uri: string;
  #held = Buffer.alloc(0);
  #sent = 0;
  #version = 0;

  private constructor(folder: string) {
    this.#uri = pathToFileURL(`${folder}/shown.ts`).href;
    this.#process = spawn(process.execPath, [fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url)), '--lsp', '--stdio'], { cwd: folder, stdio: ['pipe', 'pipe', 'ignore'] });
    this.#process.stdout.on('data', (bytes: Buffer) => {
      this.#held = Buffer.concat([this.#held, bytes]);
      for (let head; (head = this.#held.indexOf('\r\n\r\n')) >= 0;) {
        const begin = head + 4, end = begin + Number(/Content-Length: (\d+)/i.exec(this.#held.toString('latin1', 0, head))?.[1]);
        if (this.#held.length < end) return;
        this.#take(JSON.parse(this.#held.toString('utf8', begin, end)) as Answer);
        this.#held = this.#held.subarray(end);
      }
    });
  }

  static async open(folder: string): Promise<LanguageServer> {
    const server = new LanguageServer(folder), contentFormat = ['markdown'];
    await server.#ask('initialize', { processId: process.pid, rootUri: pathToFileURL(folder).href, capabilities: { textDocument: { hover: { contentFormat }, signatureHelp: { signatureInformation: { documentationFormat: contentFormat } } } } });
    server.#send({ method: 'initialized', params: {} });
    return server;
  }

  write(text: string): void {
    const version = ++this.#version;
    if (version === 1) this.#send({ method: 'textDocument/didOpen', params: { textDocument: { uri: this.#uri, languageId: 'typescript', version, text } } });
    else this.#send({ method: 'textDocument/didChange', params: { textDocument: { uri: this.#uri, version }, contentChanges: [{ text }] } });
  }

  /** What may come there: names, and whether each is declared as a method. */
  async completions(line: number, character: number): Promise<{ name: string; method: boolean }[]> {
    const told = await this.#at('completion', line, character) as { readonly items: { readonly label: string; readonly kind: number }[] } | null;
    return (told?.items ?? []).map(({ label, kind }) => ({ name: label, method: kind === 2 }));
  }
  /** What is shown of a name, as Markdown: its declaration in a fence, and behind it the documentation. */
  async hover(line: number, character: number): Promise<string> {
    const told = await this.#at('hover', line, character) as { readonly contents: Documentation } | null;
    return plain(told?.contents);
  }
  /** The documentation that is shown while arguments are typed, a signature each. */
  async signatures(line: number, character: number): Promise<string[]> {
    const told = await this.#at('signatureHelp', line, character) as { readonly signatures: { readonly documentation?: Documentation }[] } | null;
    return (told?.signatures ?? []).map(({ documentation }) => plain(documentation));
  }
  close(): void { this.#process.kill(); }

  #at(what: string, line: number, character: number): Promise<unknown> {
    return this.#ask(`textDocument/${what}`, { textDocument: { uri: this.#uri }, position: { line, character } });
  }
  #ask(method: string, params: object): Promise<unknown> {
    const id = ++this.#sent;
    this.#send({ id, method, params });
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ error, result }) => (error ? reject(new Error(`${method}: ${error.message}`)) : resolve(result)));
    });
  }
  #take({ id, method, params, ...answer }: Answer): void {
    if (id === undefined) return;
    // It asks for settings; there are none.
    if (method !== undefined) this.#send({ id, result: params?.items?.map(() => null) ?? null });
    else this.#waiting.get(id)?.(answer);
  }
  #send(message: object): void {
    const text = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.#process.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  }
}
