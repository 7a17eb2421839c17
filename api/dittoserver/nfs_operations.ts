// Operations of NFS that the server can be told to refuse, by the names that it has for them.

import * as z from "zod";
import { listSet } from "../schema.ts";

/** Their names. */
export const NFS_OPERATIONS = [
  ...["ACCESS", "CLOSE", "COMMIT", "CREATE", "DELEGRETURN", "FSINFO", "FSSTAT", "GETATTR"],
  ...["GETFH", "LINK", "LOCK", "LOCKT", "LOCKU", "LOOKUP", "MKDIR", "MKNOD", "NULL", "NVERIFY"],
  ...["OPEN", "PATHCONF", "PUTFH", "PUTROOTFH", "READ", "READDIR", "READDIRPLUS", "READLINK"],
  ...["REMOVE", "RENAME", "RENEW", "RESTOREFH", "RMDIR", "SAVEFH", "SECINFO", "SETATTR"],
  ...["SETCLIENTID", "SYMLINK", "VERIFY", "WRITE"],
] as const;

/** A list of operations of NFS. */
export const nfsOperations = listSet(z.array(z.enum(NFS_OPERATIONS)).max(NFS_OPERATIONS.length));
