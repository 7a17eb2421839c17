// What a condition consists of, and the reasons that several conditions have.

/** A reason, what it means, and what to do about it. */
export interface Reason {
  /** The status of the condition that has it. */
  readonly status: "True" | "False";
  readonly meaning: string;
  readonly remedy?: string;
  /** It may last for any time: somebody wants it so, or it goes on as it should. */
  readonly patient?: true;
}

/** The conditions of a resource, each with its reasons. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, Reason>>>>;

/** A reason for which it is not so. */
export const no = (meaning: string, remedy?: string): Reason => ({
  status: "False",
  meaning,
  ...(remedy !== undefined && { remedy }),
});

/** A reason for which it is so. */
export const yes = (meaning: string, remedy?: string): Reason => ({
  ...no(meaning, remedy),
  status: "True",
});

/** A reason for which it is not so, and which nobody is called for however long it lasts. */
export const patiently = (meaning: string, remedy?: string): Reason => ({
  ...no(meaning, remedy),
  patient: true,
});

/** What can be wrong with any stored spec. */
export const INVALID_SPEC = no(
  "The stored spec has a value that this version of the operator cannot use.",
  "Correct the fields that the message names.",
);

/** What can be wrong with any object that is written. */
export const WRITING = {
  NotOurs: no(
    "An object of a name that is needed exists and belongs to somebody else. It is left as it is.",
    "Rename or delete the object that the message names.",
  ),
  ApplyRefused: no(
    "The API server refuses an object that is needed.",
    "Follow the message: a quota, a policy or a permission stands in the way.",
  ),
  ApplyFailed: no("An object could not be written; it is being tried again."),
} as const;

/** What can be wrong with any Secret that is looked at. */
export const READING = {
  SecretUnreadable: no(
    "The API server does not give a Secret to the operator. What runs goes on with what it has.",
    "Follow the message. It is tried again by itself; if it is forbidden, restore the operator's ClusterRole.",
  ),
} as const;

/** Which says that something on the server is not as the spec has it, and is to stay so. */
export const DIFFERS = no(
  "Something on the server is not as the spec has it, and spec.management is Report.",
  "Change it there or in the spec, or set spec.management to Enforce.",
);

/** Whether the server of something can be worked with. */
export const SERVER_READY = {
  Connected: yes("The server runs and lets the operator in."),
  ServerNotFound: no(
    "There is no DittoServer of the name that spec.serverRef has.",
    "Create it, or delete this resource: serverRef cannot change.",
  ),
  NamespaceNotAllowed: no(
    "The DittoServer is in another namespace, and does not let this one in.",
    "Add this namespace to spec.allowedNamespaces of the DittoServer.",
  ),
  ServerNotRunning: no("The server is starting or being replaced."),
  ServerStopped: patiently(
    "The server is stopped. What was made on it is there again when it runs.",
    "Set spec.replicas to 1 and spec.hibernate to false on the DittoServer.",
  ),
  ServerPaused: patiently(
    "The server is paused, so the operator changes nothing on it and does not look. The other conditions say what was so before.",
    "Set spec.paused of the DittoServer to false and remove its annotation dittofs.dittofs.com/paused.",
  ),
  Unreachable: no(
    "The server does not answer the operator. What is on it goes on as it was.",
    "Follow the message: a NetworkPolicy, a certificate or the network stands in the way.",
  ),
  LoginRefused: no(
    "The server does not let the operator in. What is on it goes on as it was.",
    "Follow the condition Authenticated of the DittoServer.",
  ),
} as const;

/** What keeps a name on the server from being ours. */
export const NAMES = {
  NotOurs: no(
    "The name is taken on the server by something that was not made for this resource. It is left as it is.",
    "Rename or delete it there, or choose another name here.",
  ),
  NameTaken: no(
    "Another resource has the same name on the same server, and keeps it.",
    "Delete one of the two; the message names the other.",
  ),
} as const;

/** Where something has to wait for another aspect first. */
export const WAITING = no("Something else has to be in order first.");

/** What the server refuses. */
export const REFUSED = no(
  "The server refuses what the spec wants.",
  "Follow the message, which is the server's own.",
);

/** What did not work for once. */
export const FAILED = no("The server could not do it; it is being tried again.");

/** The conditions that say of one aspect each how it is. */
export type AspectOf<C> = Exclude<keyof C, "Ready" | "Available"> & string;

/** The reasons of those. */
export type AspectReasonOf<C> = { [A in AspectOf<C>]: keyof C[A] & string }[AspectOf<C>];

/** The reasons that Ready can have. */
export type ReadyReasonOf<C extends { readonly Ready: unknown }> =
  | (keyof C["Ready"] & string)
  | AspectReasonOf<C>;
