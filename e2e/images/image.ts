// An image that a cluster node is given, and the order in which one is looked for: what is at hand,
// what a registry has, what can be built here.

import { CommandError } from "../harness/command.ts";
import { type Docker, reason } from "../harness/docker.ts";

/** An image for the nodes of a test cluster. */
export interface ClusterImage {
  /** The reference that pods use. */
  readonly name: string;
  /** Changes whenever the content changes. */
  readonly id: string;
  /** The archive that holds it; without one the image is in the Docker engine. */
  readonly archive?: string;
}

/** Milliseconds that a registry may take for its first answer. */
const firstAnswer = 20_000;

/**
 * Pulls an image. A registry that does not answer soon is given up; one that answers may take as
 * long as the download takes.
 *
 * @returns why it could not be pulled; undefined when it was
 */
export async function pull(
  docker: Docker,
  name: string,
  detail: (line: string) => void,
): Promise<string | undefined> {
  const silence = new AbortController();
  const late = new Error(`no answer after ${firstAnswer / 1000} s`);
  const timer = setTimeout(() => silence.abort(late), firstAnswer);
  try {
    await docker.run(["pull", name], {
      signal: silence.signal,
      onLine: (line) => {
        clearTimeout(timer);
        detail(line);
      },
    });
    return undefined;
  } catch (error) {
    if (error === late) return late.message;
    if (error instanceof CommandError) return shortReason(reason(error));
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** The words after the last address in a registry error, which are the ones that say why. */
export function shortReason(text: string): string {
  const words = text.replace(/^Error response from daemon:\s*/, "").replace(/^Get "[^"]*":\s*/, "");
  return words.length > 120 ? `${words.slice(0, 117)}…` : words;
}
