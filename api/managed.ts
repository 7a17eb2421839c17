// What everything has in common that exists on a server and not in Kubernetes: whose it is, what
// it is called there, and what becomes of changes that people make there by hand.

import * as z from "zod";
import { namespaceName, text } from "./fields.ts";
import { rules, type ValidationRule } from "./schema.ts";

/** The server that something is on; `what` is what is said to be there. */
export function serverRef(what: string, kind: string) {
  return z.object({
    name: text(
      /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
      51,
      "the name of a DittoServer: lower-case letters, digits and '-', beginning with a letter",
      "files",
    ).meta({ description: "Name of the DittoServer." }),
    namespace: namespaceName("storage").optional().meta({
      description:
        "Namespace of the DittoServer, where it is not that of this resource. The DittoServer must then have this resource's namespace in spec.allowedNamespaces.",
    }),
  }).meta({
    description: `The DittoServer that the ${what} is on. It cannot change later.`,
    ...rules({
      rule: "self == oldSelf",
      message:
        `serverRef cannot change, because the ${what} is on that server; restore it, or create a new ${kind}`,
    }),
  });
}

/** What the operator does about changes that were made on the server by hand. */
export function management(what: string) {
  return z.enum(["Enforce", "Report"]).default("Enforce").meta({
    description:
      `What the operator does where ${what} on the server is not as this spec says, because somebody changed it there: Enforce puts it back; Report changes nothing that exists, and says in the conditions what differs.`,
    examples: ["Report"],
  });
}

/** The names of objects that are made of ours have to fit, and those have less room. */
export const nameFits: ValidationRule = {
  rule: "self.metadata.name.size() <= 63",
  message: "must have at most 63 characters, so that labels can hold it; choose a shorter name",
  fieldPath: ".metadata.name",
};

/** In CEL, the name that something has on the server. */
export const nameOnServer = (field: string, self = "self") =>
  `(has(${self}.spec.${field}) ? ${self}.spec.${field} : self.metadata.name)`;

/** What is made under a name keeps it; written out or left to the default is the same name. */
export function keepsName(field: string, what: string, kind: string): ValidationRule {
  return {
    rule: `${nameOnServer(field)} == ${nameOnServer(field, "oldSelf")}`,
    message:
      `${field} cannot change, because the ${what} exists under it; restore the old one, or create a new ${kind}`,
    fieldPath: `.spec.${field}`,
  };
}

/** The server keeps a number that it was given; it can only be given another. */
export function keepsNumber(field: string, what: string): ValidationRule {
  return {
    rule: `!has(oldSelf.${field}) || has(self.${field})`,
    message:
      `${field} cannot be taken away, because the server keeps the number of a ${what}; restore it, or choose another number`,
    fieldPath: `.${field}`,
  };
}
