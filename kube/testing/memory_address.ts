// Where objects are in the API server in memory, and which of them a request is about.

import { failure, rejection } from "./statuses.ts";

/** An object as it is held. */
export interface Stored {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly finalizers?: readonly string[];
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

/** What a path is about. */
export interface Address {
  /** Group, version and plural: what a watch is about. */
  readonly collection: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

/** Whether an object of a collection is meant. */
export type Selector = (collection: string, object: Stored) => boolean;

const PATH =
  /^(\/api\/[^/]+|\/apis\/[^/]+\/[^/]+)(?:\/namespaces\/([^/]+))?\/([^/]+)(?:\/([^/]+))?(?:\/([^/]+))?$/;

export function addressOf(path: string): Address {
  const match = PATH.exec(path);
  if (!match) throw rejection(failure(404));
  const [, root = "", namespace, plural = "", name, subresource] = match;
  return { collection: `${root}/${plural}`, namespace, name, subresource };
}

export const keyOf = ({ collection, namespace, name }: Address) =>
  [collection, namespace, name].join(" ");
export const collectionOf = (key: string) => key.slice(0, key.indexOf(" "));

/** Which objects a list or watch is about. Labels: only `name=value`, joined by commas. */
export function selector(address: Address, query: URLSearchParams): Selector {
  const name = query.get("fieldSelector")?.replace("metadata.name=", "");
  const labels = (query.get("labelSelector") ?? "").split(",").filter((part) => part !== "")
    .map((part) => part.split("=", 2));
  return (collection, { metadata }) =>
    collection === address.collection &&
    (address.namespace === undefined || metadata.namespace === address.namespace) &&
    (name === undefined || metadata.name === name) &&
    labels.every(([label = "", value]) => metadata.labels?.[label] === value);
}
