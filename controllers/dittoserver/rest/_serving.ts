// A server that serves, what is said of it, and how often something on it was put right.

import type { DittoServerInput } from "../../../api/dittoserver.ts";
import { World } from "../_world.ts";

/** In milliseconds. */
export const MINUTE = 60_000;

/** A server that serves, and forgets what was asked of it so far. */
export async function serving(spec: Partial<DittoServerInput> = {}): Promise<World> {
  const world = new World();
  await world.apply(spec);
  await world.serve();
  world.dfs.asked();
  return world;
}

/** How often something of a kind was found changed by hand. */
export async function drift(world: World, kind: string): Promise<number> {
  const line = new RegExp(`^test_drift_total\\{kind="${kind}"\\} (\\d+)$`, "m");
  return Number(line.exec(await world.metrics.text())?.[1] ?? 0);
}

/** A condition, as `status reason`. */
export const said = (world: World, type: string) => {
  const { status, reason } = world.condition(type) ?? {};
  return `${status} ${reason}`;
};
