// What the API server says of a spec, without keeping it.

import { dittoServerDefinition } from "../../api/dittoserver/definition.ts";
import { API_VERSION } from "../../api/group.ts";
import type { PlaneAnswer } from "../harness/control_plane_client.ts";
import type { TestPlane } from "./_plane.ts";
import type { JsonObject } from "./specs/_json.ts";
import type { Cause } from "./specs/_table.ts";

/** What an object is an object of. */
export interface Kind {
  readonly kind: string;
  readonly plural: string;
}

/** Where the objects of a kind are in a namespace. */
const pathOf = ({ plural }: Kind, namespace: string) =>
  `/apis/${API_VERSION}/namespaces/${namespace}/${plural}`;

/** Where the servers of a namespace are. */
export const serversIn = (namespace: string) => pathOf(dittoServerDefinition, namespace);

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

/** An object of ours as the API server gives it back. */
export interface Stored {
  readonly metadata: { readonly name: string; readonly resourceVersion?: string };
  readonly spec: JsonObject;
}

/** What of, and how; a DittoServer unless told. */
export interface AskOptions {
  readonly of?: Kind;
  /** An unknown field is an error, and is dropped otherwise; true unless told. */
  readonly strict?: boolean;
}

/** An object as a user sends it. */
function objectOf({ kind }: Kind, name: string, spec: unknown) {
  return { apiVersion: API_VERSION, kind, metadata: { name }, spec } as const;
}

/** What would happen if this object were created. */
export async function tryToCreate(
  ground: TestPlane,
  name: string,
  spec: unknown,
  { of = dittoServerDefinition, strict = true }: AskOptions = {},
): Promise<Verdict> {
  const request = { method: "POST", body: objectOf(of, name, spec) };
  const how = strict ? STRICTLY : "?dryRun=All&fieldValidation=Ignore";
  return verdictOf(await ground.plane.client().send(pathOf(of, "default") + how, request));
}

/** What would happen if an object that exists were replaced. */
export async function tryToReplace(
  ground: TestPlane,
  object: Stored,
  spec: unknown,
  { of = dittoServerDefinition }: AskOptions = {},
): Promise<Verdict> {
  const { name, resourceVersion } = object.metadata;
  const body = { ...objectOf(of, name, spec), metadata: { name, resourceVersion } };
  const path = `${pathOf(of, "default")}/${name}${STRICTLY}`;
  return verdictOf(await ground.plane.client().send(path, { method: "PUT", body }));
}

/** Creates an object to stay. Throws when it is refused. */
export async function create(
  ground: TestPlane,
  name: string,
  spec: unknown,
  { of = dittoServerDefinition, namespace = "default" }: AskOptions & { namespace?: string } = {},
): Promise<Stored> {
  const request = { method: "POST", body: objectOf(of, name, spec) };
  const path = `${pathOf(of, namespace)}?fieldValidation=Strict`;
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
