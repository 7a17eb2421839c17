import assert from "node:assert/strict";
import { mountsBelow } from "./mounts.ts";

Deno.test("mountsBelow finds what lies below a directory, innermost first, and nothing beside", () => {
  const mounts = [
    "/dev/vda / ext4 rw 0 0",
    "proc /c/root/proc proc rw 0 0",
    "tmpfs /c/root/proc/x tmpfs rw 0 0",
    "tmpfs /c/rooted tmpfs rw 0 0",
    "",
  ].join("\n");
  assert.deepEqual(mountsBelow("/c/root", mounts), ["/c/root/proc/x", "/c/root/proc"]);
});
