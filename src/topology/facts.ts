/** What is known before anything is worked out: the kernel's own objects, namespace by namespace. */
import type { Address, Link, Route } from '../families/route/index.ts';

/** A container, as far as its engine or its control group tell. */
export interface Container {
  /** `docker`, `podman`, `containerd`, `cri-o`; absent where only the id is known. */
  readonly engine?: string;
  /** 64 hexadecimal digits. */
  readonly id: string;
  /** As the engine calls it. */
  readonly name?: string;
}

/** One network namespace, and what is in it. */
export interface NamespaceFacts {
  /** Inode of its file, as in `net:[4026531840]`. */
  readonly inode?: number;
  /** The picture is taken from here. */
  readonly current?: boolean;
  /** Names in /run/netns. */
  readonly names?: readonly string[];
  /** A file that it is mounted on, elsewhere. */
  readonly mount?: string;
  /** The oldest process in it: the one with the lowest pid. */
  readonly process?: { readonly pid: number; readonly name: string };
  /** The container that this process belongs to. */
  readonly container?: Container;
  /** RTM_GETLINK; absent where the namespace could not be entered. */
  readonly links?: readonly Link[];
  /** RTM_GETLINK of family `bridge`: VLANs of bridges and ports. */
  readonly ports?: readonly Link[];
  readonly addresses?: readonly Address[];
  /** Default routes of the main table and of the tables of VRFs. */
  readonly routes?: readonly Route[];
  /** Ids that this namespace has for others (RTM_GETNSID): id -> place in `Facts.namespaces`. */
  readonly ids?: Readonly<Record<number, number>>;
}

/** Everything that a graph is made from. */
export interface Facts {
  readonly namespaces: readonly NamespaceFacts[];
  /** What could not be looked at, and which capability it takes: one sentence each. */
  readonly unseen?: readonly string[];
}
