// What to list or watch: which objects, from which version, and how much of each.

/** Selection of a list or watch. */
export interface ListOptions {
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  readonly limit?: number;
  readonly continue?: string | undefined;
  readonly resourceVersion?: string | undefined;
  readonly resourceVersionMatch?: "NotOlderThan" | "Exact";
  /** Only `metadata` of each object. */
  readonly metadataOnly?: boolean;
}

/** Options of a watch. */
export interface WatchOptions extends ListOptions {
  /** Time after which the server ends the stream. */
  readonly timeoutSeconds: number;
  /** Begin with an event for each object that exists (WatchList, KEP-3157). */
  readonly sendInitialEvents?: boolean;
}

/** The query of a list or watch. */
export function listQuery(options: ListOptions): URLSearchParams {
  const query = new URLSearchParams();
  if (options.labelSelector) query.set("labelSelector", options.labelSelector);
  if (options.fieldSelector) query.set("fieldSelector", options.fieldSelector);
  if (options.limit) query.set("limit", String(options.limit));
  if (options.continue) query.set("continue", options.continue);
  if (options.resourceVersion !== undefined) query.set("resourceVersion", options.resourceVersion);
  if (options.resourceVersionMatch) query.set("resourceVersionMatch", options.resourceVersionMatch);
  return query;
}

/** The `Accept` header of a list or watch; `kind` is what metadata alone comes as. */
export function acceptOf(options: ListOptions, kind: string): string {
  return options.metadataOnly
    ? `application/json;as=${kind};g=meta.k8s.io;v=v1`
    : "application/json";
}
