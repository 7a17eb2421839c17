// The conditions of our resources: what each is about, and every reason it can have.
//
// Ready, Reconciling and Stalled follow kstatus, so that `kubectl wait`, Flux, Helm and Argo CD
// understand them without being told: Ready is always there; Reconciling and Stalled are there
// only while they are true. The other conditions say of one aspect each how it is, and Ready has
// the reason of the aspect that stands in its way.

import type { DITTO_GROUP_CONDITIONS, DITTO_USER_CONDITIONS } from "./account_conditions.ts";
import type { AspectOf, AspectReasonOf, ReadyReasonOf } from "./condition_reasons.ts";
import type { DITTO_SERVER_CONDITIONS } from "./dittoserver/conditions.ts";
import type { DITTO_SHARE_CONDITIONS } from "./dittoshare/conditions.ts";

export { DITTO_GROUP_CONDITIONS, DITTO_USER_CONDITIONS } from "./account_conditions.ts";
export type { Conditions, Reason } from "./condition_reasons.ts";
export { DITTO_SERVER_CONDITIONS } from "./dittoserver/conditions.ts";
export { DITTO_SHARE_CONDITIONS } from "./dittoshare/conditions.ts";

type Server = typeof DITTO_SERVER_CONDITIONS;
type Share = typeof DITTO_SHARE_CONDITIONS;
type User = typeof DITTO_USER_CONDITIONS;
type Group = typeof DITTO_GROUP_CONDITIONS;

/** The conditions of a DittoServer that say of one aspect how it is. */
export type Aspect = AspectOf<Server>;

/** A reason of an aspect of a DittoServer. */
export type AspectReason = AspectReasonOf<Server>;

/** A reason of the condition StorageReady. */
export type StorageReason = keyof Server["StorageReady"];

/** A reason of the condition Ready of a DittoServer. */
export type ReadyReason = ReadyReasonOf<Server>;

/** The same of a DittoShare. */
export type ShareAspect = AspectOf<Share>;
export type ShareAspectReason = AspectReasonOf<Share>;
export type ShareReadyReason = ReadyReasonOf<Share>;

/** The same of a DittoUser. */
export type UserAspect = AspectOf<User>;
export type UserAspectReason = AspectReasonOf<User>;
export type UserReadyReason = ReadyReasonOf<User>;

/** The same of a DittoGroup. */
export type GroupAspect = AspectOf<Group>;
export type GroupAspectReason = AspectReasonOf<Group>;
export type GroupReadyReason = ReadyReasonOf<Group>;
