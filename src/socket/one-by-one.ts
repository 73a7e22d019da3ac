/** Objects one by one out of chunks: one promise an object, where a generator inside a generator makes four. */

class OneByOne<T> implements AsyncGenerator<T, void, undefined> {
  readonly #chunks: AsyncGenerator<readonly T[], void, undefined>;
  #chunk: readonly T[] = [];
  #at = 0;
  #ended = false;
  /** Steps that are not done: the one that fetches, and those that were asked for meanwhile. */
  #asked = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(chunks: AsyncGenerator<readonly T[], void, undefined>) { this.#chunks = chunks; }

  next(): Promise<IteratorResult<T, void>> {
    if (this.#asked === 0 && this.#at < this.#chunk.length) return Promise.resolve({ value: this.#chunk[this.#at++] as T, done: false });
    return this.#queue(() => this.#step());
  }
  return(value?: void | PromiseLike<void>): Promise<IteratorResult<T, void>> {
    return this.#queue(async () => { this.#end(); await this.#chunks.return(); return { value: await value, done: true }; });
  }
  throw(error: unknown): Promise<IteratorResult<T, void>> {
    return this.#queue(async () => { this.#end(); await this.#chunks.return(); throw error; });
  }
  [Symbol.asyncIterator](): this { return this; }
  async [Symbol.asyncDispose](): Promise<void> { await this.return(); }

  async #step(): Promise<IteratorResult<T, void>> {
    while (this.#at >= this.#chunk.length) {
      if (this.#ended) return { value: undefined, done: true };
      try {
        const { value, done } = await this.#chunks.next();
        if (done) this.#end();
        else { this.#chunk = value; this.#at = 0; }
      } catch (error) { this.#end(); throw error; }
    }
    return { value: this.#chunk[this.#at++] as T, done: false };
  }
  #end(): void { this.#ended = true; this.#chunk = []; this.#at = 0; }
  /** In the order in which it was asked for, as a generator does. */
  #queue(step: () => Promise<IteratorResult<T, void>>): Promise<IteratorResult<T, void>> {
    const run = async (): Promise<IteratorResult<T, void>> => { try { return await step(); } finally { this.#asked--; } };
    const result = this.#asked++ > 0 ? this.#last.then(run, run) : run();
    this.#last = result;
    return result;
  }
}

/** The objects of chunks, one by one: loop over them with `for await`. Leaving the loop ends the chunks, too. */
export const oneByOne = <T>(chunks: AsyncGenerator<readonly T[], void, undefined>): AsyncGenerator<T, void, undefined> => new OneByOne(chunks);
