// Rows as a DittoFS server shows them, in its own names.

type Row = Readonly<Record<string, unknown>>;

/** The share, as its resource in _fixture.ts has it. */
export const shareRow = (more: Row = {}): Row => ({
  ...{ id: "the-share", name: "/projects", enabled: true, status: { status: "healthy" } },
  ...{ metadata_store_id: "id-metadata", local_block_store_id: "id-local" },
  ...{ default_permission: "none", read_only: false, encrypt_data: false },
  ...{ access_based_enumeration: false, acl_flag_inherited_canonicalization: true },
  ...{ allow_mfsymlink: false, change_notify_disabled: false, continuous_availability: false },
  ...{ streams_disabled: false, retention_policy: "lru", used_bytes: 0, physical_bytes: 0 },
  // 70 % of 1Gi, and what every server gets for reading.
  ...{ usage_percent: 0, local_store_size: "716.00MiB", read_buffer_size: "64.00MiB" },
  ...{ trash_enabled: false, trash_max_bytes: 0, trash_restrict_to_admin: false },
  ...{ trash_retention_days: 0, ...more },
});

/** A store. */
export const storeRow = (id: string, name: string, type: string, config: Row = {}): Row => ({
  ...{ id, name, type, config },
  status: { status: "healthy" },
});

/** The stores of the share. */
export const METADATA = storeRow("id-metadata", "share-projects", "badger", {
  ...{ path: "/data/store/metadata/shares/share-projects", contents: "volume" },
});
export const LOCAL = storeRow("id-local", "share-projects", "fs", {
  path: "/data/store/metadata/blocks",
});

/** How the share is exported. */
export const exportRow = (more: Row = {}): Row => ({
  ...{ allow_auth_sys: true, disable_readdirplus: false, min_kerberos_level: "krb5" },
  ...{ netgroup: "", require_kerberos: false, squash: "root_to_guest", ...more },
});

/** A quota of a user. */
export const quotaRow = (uid: number, more: Row = {}): Row => ({
  ...{ scope: "user", identity_id: uid, limit_bytes: "0", limit_files: 0, soft_files: 0 },
  ...{ grace_seconds: 0, used_bytes: 0, used_files: 0, ...more },
});

/** A user. */
export const userRow = (username: string, uid?: number): Row => ({
  ...{ id: `id-${username}`, username, enabled: true, must_change_password: false, role: "user" },
  ...(uid !== undefined && { uid }),
});

/** When the server has started. */
export const health = (startedAt: string): Row => ({
  status: "healthy",
  data: { control_plane_db: "reachable", started_at: startedAt },
});

/** A netgroup; members are called after their place. */
export const netgroupRow = (...members: readonly (readonly [string, string])[]): Row => ({
  name: "share-projects",
  members: members.map(([type, value], place) => ({ id: `member-${place}`, type, value })),
});
