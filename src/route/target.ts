/** A network namespace where an attribute wants a descriptor. */
import { closeSync } from 'node:fs';
import { openNamespace, type NamespaceRef } from '../namespace/index.ts';

/** Opens what is named, hands out descriptors, closes them all. */
export class Namespaces {
  readonly #open: number[] = [];
  /** The attribute that names a namespace in a message. */
  attribute(namespace: NamespaceRef): { netNsFd: number } {
    const fd = typeof namespace === 'object' && 'fd' in namespace ? namespace.fd : this.#keep(openNamespace(namespace));
    return { netNsFd: fd };
  }
  #keep(fd: number): number { this.#open.push(fd); return fd; }
  close(): void { for (const fd of this.#open.splice(0)) closeSync(fd); }
}
