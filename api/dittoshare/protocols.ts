// How a share is served by NFS and SMB.

import * as z from "zod";
import { unixId } from "../principals.ts";
import { rules } from "../schema.ts";

const client = z.string().max(253).meta({
  examples: ["10.0.0.0/8"],
  ...rules({
    rule:
      "isIP(self) || isCIDR(self) || self.matches('^([*][.])?([A-Za-z0-9_]([-A-Za-z0-9_]*[A-Za-z0-9_])?[.])*[A-Za-z]([-A-Za-z0-9]*[A-Za-z0-9])?$')",
    message:
      "must be an IP address, an address range in CIDR form, or a host name that may begin with *., such as 10.0.0.0/8 or *.example.com",
  }),
});

/** How a share is served by NFS. */
export const shareNfs = z.object({
  squash: z.enum(["none", "root_to_admin", "root_to_guest", "all_to_admin", "all_to_guest"])
    .default("root_to_guest").meta({
      description:
        "Whom NFS clients are taken for: root_to_guest makes root nobody (root_squash elsewhere), root_to_admin leaves root its rights (no_root_squash), all_to_guest makes everybody nobody (all_squash), all_to_admin makes everybody root, none changes nobody and leaves it to the permissions of files.",
    }),
  anonymousUID: unixId(0, 65534).default(65534).meta({
    description: "User that a squashed client becomes.",
  }),
  anonymousGID: unixId(0, 65534).default(65534).meta({
    description: "Group that a squashed client becomes.",
  }),
  allowAuthSys: z.boolean().optional().meta({
    description:
      "Whether clients may say themselves who their users are (sec=sys). Without it true, unless requireKerberos is.",
  }),
  requireKerberos: z.boolean().default(false).meta({
    description:
      "Lets in only clients that prove with Kerberos who their users are. The server needs spec.identity.kerberos.",
  }),
  minKerberosLevel: z.enum(["krb5", "krb5i", "krb5p"]).default("krb5").meta({
    description:
      "The least that Kerberos must do: krb5 proves who a user is, krb5i protects the data from changes, krb5p also from being read.",
    examples: ["krb5p"],
  }),
  // Atomic: of a set that was applied and is then empty, server-side apply leaves nothing, and
  // nothing lets everybody in.
  allowedClients: z.array(client).max(256).optional().meta({
    description:
      "Clients that may mount: addresses, address ranges, and host names, which must resolve in both directions. Without it all may; an empty list lets nobody in. Version 0.29 of the server asks only clients of NFSv3 for it: against those of NFSv4 use spec.networkPolicy.from of the DittoServer. Behind a load balancer it needs spec.adapterServices.externalTrafficPolicy Local of the DittoServer.",
  }),
  disableReaddirplus: z.boolean().default(false).meta({
    description:
      "Lists directories without the attributes of files, which is faster for very large ones.",
  }),
}).meta({
  description: "How the share is served by NFS.",
  ...rules({
    rule: "!self.requireKerberos || !has(self.allowAuthSys) || !self.allowAuthSys",
    message:
      "allowAuthSys is true but requireKerberos lets in nobody without Kerberos; remove one of them",
    fieldPath: ".allowAuthSys",
  }),
});

const LATER = "A change takes effect when the server restarts.";

/** How a share is served by SMB. */
export const shareSmb = z.object({
  encryptData: z.boolean().default(false).meta({
    description: "Demands encryption of SMB 3 clients, and keeps older ones out.",
  }),
  accessBasedEnumeration: z.boolean().default(false).meta({
    description: `Hides from a user the files that they may not read. ${LATER}`,
  }),
  changeNotify: z.boolean().default(true).meta({
    description: `Tells clients of changes in a directory that they look at. ${LATER}`,
  }),
  streams: z.boolean().default(true).meta({
    description: `Keeps alternate data streams, which macOS and some programs use. ${LATER}`,
  }),
  continuousAvailability: z.boolean().default(false).meta({
    description:
      `Lets open files survive a restart of the server, for clients that ask for it. ${LATER}`,
  }),
  mfsymlinks: z.boolean().default(false).meta({
    description:
      `Turns symbolic links that macOS and Windows clients write as files into real ones. ${LATER}`,
  }),
  aclFlagInheritedCanonicalization: z.boolean().default(true).meta({
    description:
      `Treats the inheritance flag of access control lists as Windows does; false as Samba may. ${LATER}`,
  }),
}).meta({ description: "How the share is served by SMB." });
