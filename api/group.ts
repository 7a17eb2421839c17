// The API group that this operator serves.

/** API group of all resources of the operator. */
export const GROUP = "dittofs.dittofs.com";

/** The only version: served and stored. */
export const VERSION = "v1alpha1";

/** `apiVersion` of all resources of the operator. */
export const API_VERSION = `${GROUP}/${VERSION}`;
