// What the API server says of a spec, without keeping it.

import { API_VERSION } from "../../api/group.ts";
import type { PlaneAnswer } from "../harness/control_plane_client.ts";
import type { TestPlane } from "./_plane.ts";
import type { JsonObject } from "./specs/_json.ts";
import type { Cause } from "./specs/_table.ts";

/** Where the servers of a namespace are. */
export const serversIn = (namespace: string) =>
  `/apis/${API_VERSION}/namespaces/${namespace}/dittoservers`;

/** Where those are that no namespace is said of. */
export const SERVERS = serversIn("default");

/** Nothing is kept, and a field that the schema does not know is an error. */
const STRICTLY = "?dryRun=All&fieldValidation=Strict";

/**
 * Said beside causes that keep the server from looking at rules between fields. It is true of
 * every spec that breaks its schema, so it says nothing of this one.
 */
const RULES_NOT_CHECKED =
  "Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation";

/** Accepted, with the object as it would be stored; or refused. */
export type Verdict =
  | { readonly accepted: true; readonly stored: Stored }
  | { readonly accepted: false; readonly status: number; readonly causes: readonly Cause[] };

/** A DittoServer as the API server gives it back. */
export interface Stored {
  readonly metadata: { readonly name: string; readonly resourceVersion?: string };
  readonly spec: JsonObject;
}

/** A DittoServer as a user sends it. */
export function serverOf(name: string, spec: unknown) {
  return { apiVersion: API_VERSION, kind: "DittoServer", metadata: { name }, spec } as const;
}

/** What would happen if this server were created. Unless `strict`, unknown fields are dropped. */
export async function tryToCreate(
  ground: TestPlane,
  name: string,
  spec: unknown,
  strict = true,
): Promise<Verdict> {
  const request = { method: "POST", body: serverOf(name, spec) };
  const how = strict ? STRICTLY : "?dryRun=All&fieldValidation=Ignore";
  return verdictOf(await ground.plane.client().send(SERVERS + how, request));
}

/** What would happen if a server that exists were replaced. */
export async function tryToReplace(
  ground: TestPlane,
  server: Stored,
  spec: unknown,
): Promise<Verdict> {
  const { name, resourceVersion } = server.metadata;
  const body = { ...serverOf(name, spec), metadata: { name, resourceVersion } };
  const path = `${SERVERS}/${name}${STRICTLY}`;
  return verdictOf(await ground.plane.client().send(path, { method: "PUT", body }));
}

/** Creates a server to stay. Throws when it is refused. */
export async function create(
  ground: TestPlane,
  name: string,
  spec: unknown,
  namespace = "default",
): Promise<Stored> {
  const request = { method: "POST", body: serverOf(name, spec) };
  const path = `${serversIn(namespace)}?fieldValidation=Strict`;
  return await ground.plane.client().json(path, request) as Stored;
}

function verdictOf({ status, text }: PlaneAnswer): Verdict {
  const answer = JSON.parse(text) as Stored & Refusal;
  if (status < 300) return { accepted: true, stored: answer };
  const causes = answer.details?.causes ?? [{ field: "", message: answer.message }];
  return {
    accepted: false,
    status,
    causes: causes
      .filter(({ message }) => message !== RULES_NOT_CHECKED)
      .map(({ field, message }) => ({ field, message })),
  };
}

/** The `Status` that a refusal is. */
interface Refusal {
  readonly message: string;
  readonly details?: { readonly causes?: readonly Cause[] };
}

/** Calls `act` for every item, several at a time; the API server works side by side too. */
export async function forAll<T>(
  items: readonly T[],
  act: (item: T, index: number) => Promise<void>,
  atOnce = 8,
): Promise<void> {
  const waiting = items.entries();
  const work = async () => {
    for (const [index, item] of waiting) await act(item, index);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}
