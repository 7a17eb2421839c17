// A container runtime in front of runc that takes capabilities out of what it is asked to start.
// Docker asks for every capability for a privileged container; where the machine's bounding set
// lacks one, runc cannot grant it and refuses the container. Both places where capabilities are
// asked for are edited: the bundle's config.json (create, run) and the process file of exec,
// which kind uses with --privileged.

import type { Capability } from "./capabilities.ts";

/**
 * The shell script of the wrapper. It edits by sed because nothing else is surely installed, and
 * may: the runtimes write JSON without spaces, and a quoted capability name followed or preceded
 * by a comma occurs in nothing but lists of capabilities.
 *
 * @param runc the absolute path of the real runtime
 */
export function runtimeWrapper(runc: string, missing: readonly Capability[]): string {
  const edits = missing.map((name) => `-e 's/"${name}",//g' -e 's/,"${name}"//g'`).join(" ");
  return `#!/bin/sh
# Made by the DittoFS operator's test harness: runc without ${missing.join(", ")}.
previous=
for word in "$@"; do
  file=
  case "$previous" in
    --bundle | -b) file=$word/config.json ;;
    --process | -p) file=$word ;;
  esac
  case "$word" in
    --bundle=*) file=\${word#--bundle=}/config.json ;;
    --process=*) file=\${word#--process=} ;;
  esac
  if [ -n "$file" ] && [ -f "$file" ]; then
    sed -i ${edits} "$file"
  fi
  previous=$word
done
exec ${runc} "$@"
`;
}
