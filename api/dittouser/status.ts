// What the operator says about a DittoUser.

import * as z from "zod";
import { account, commonStatus, conditions } from "../status.ts";

const passwordStatus = z.object({
  secretUID: z.string().max(64).meta({ description: "UID of the Secret." }),
  resourceVersion: z.string().max(64).meta({ description: "Version of the Secret." }),
  key: z.string().max(253).meta({ description: "Key under which it was." }),
}).meta({ description: "Secret from which the password was last set." });

/** `status` of a DittoUser. */
export const dittoUserStatus = z.object({
  ...commonStatus("user"),
  username: z.string().max(255).optional().meta({ description: "Name of the user on the server." }),
  account: account("user").optional(),
  password: passwordStatus.optional(),
  conditions,
}).meta({ description: "The user as they are, written by the operator." });
