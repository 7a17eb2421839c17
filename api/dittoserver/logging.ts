// What the server logs.

import * as z from "zod";
import { text } from "../fields.ts";
import { rules } from "../schema.ts";

const rotation = z.object({
  maxSize: z.int().min(1).max(1_048_576).optional().meta({
    description: "Size of one log file in megabytes; the default is 100.",
    examples: [100],
  }),
  maxBackups: z.int().min(0).max(10_000).optional().meta({
    description: "Old log files that are kept; 0, the default, is no bound.",
    examples: [5],
  }),
  maxAge: z.int().min(0).max(36_500).optional().meta({
    description: "Days that old log files are kept; 0, the default, is for ever.",
    examples: [28],
  }),
  compress: z.boolean().default(false).meta({ description: "Compresses old log files." }),
});

export const logging = z.object({
  level: z.enum(["DEBUG", "INFO", "WARN", "ERROR"]).default("INFO").meta({
    description: "The least important messages that are logged.",
    examples: ["DEBUG"],
  }),
  format: z.enum(["text", "json"]).default("json").meta({
    description: "Form of a log line: text for people, json for machines.",
  }),
  output: text(
    /^(stdout|stderr|\/data\/(controlplane|store\/metadata|store\/block)\/[^\0]+|\/tmp\/[^\0]+)$/,
    512,
    "stdout, stderr, or a file below /data/controlplane/, /data/store/metadata/, /data/store/block/ or /tmp/; the rest of the pod's file system is read-only",
    "stdout",
    "/data/controlplane/dittofs.log",
  ).default("stdout").meta({
    description:
      "Where the log goes: stdout, stderr, or a file on one of the server's volumes. `kubectl logs` shows the first two.",
  }),
  rotation: rotation.optional().meta({ description: "When a log file is replaced by a new one." }),
}).meta(rules({
  rule: "!has(self.rotation) || self.output.startsWith('/')",
  message: "rotation is for log files; set output to a path, or remove rotation",
  fieldPath: ".rotation",
}));
