// The fields of the answers of DittoFS v0.29.0. A failure of their tests says in so many words which
// line to change here, after a look at what the change means for dittofs/.

import type { FieldTable } from "./_contract_fields.ts";

/** Health, tokens, users and groups. */
export const ACCESS_FIELDS: FieldTable = {
  "GET /health": "data.control_plane_db: string, data.service: string, data.started_at: string, " +
    "data.uptime: string, data.uptime_sec: number, status: string, timestamp: string",
  "GET /health/ready": "data.adapters.running: number, data.adapters.types[]: string, " +
    "data.grace_period.active: boolean, data.grace_period.expected_clients: number, " +
    "data.grace_period.reclaimed_clients: number, " +
    "data.grace_period.remaining_seconds: number, data.metadata_stores: number, " +
    "data.shares: number, status: string, timestamp: string",
  "POST /auth/login":
    "access_token: string, expires_at: string, expires_in: number, refresh_token: string, " +
    "token_type: string, user.created_at: string, user.display_name: string?, " +
    "user.email: string?, user.enabled: boolean, user.gid: number?, " +
    "user.groups[]: string?, user.id: string, user.last_login: string, " +
    "user.must_change_password: boolean, user.role: string, user.uid: number?, " +
    "user.username: string",
  "GET /users/all-fields":
    "created_at: string, display_name: string, email: string, enabled: boolean, " +
    "gid: number, groups[]: string, id: string, last_login: string, " +
    "must_change_password: boolean, role: string, uid: number, username: string",
  "GET /groups/all-fields":
    "created_at: string, description: string, gid: number, id: string, members[]: string, " +
    "name: string",
  "GET /groups/all-fields/members":
    "[].display_name: string, [].email: string, [].id: string, [].role: string, " +
    "[].username: string",
};

/** Adapters, netgroups and identity providers. */
export const ADAPTER_FIELDS: FieldTable = {
  "GET /adapters": "[].created_at: string, [].enabled: boolean, [].id: string, [].port: number, " +
    "[].running: boolean, [].status.checked_at: string, [].status.latency_ms: number?, " +
    "[].status.message: string?, [].status.status: string, [].type: string, " +
    "[].updated_at: string",
  "GET /adapters/nfs":
    "config.tls.mode: string, created_at: string, enabled: boolean, id: string, " +
    "port: number, running: boolean, status.checked_at: string, " +
    "status.latency_ms: number?, status.message: string?, status.status: string, " +
    "type: string, updated_at: string",
  "GET /adapters/nfs/settings": "blocked_operations[]: string, callback_timeout: number, " +
    "delegation_recall_timeout: number, delegations_enabled: boolean, " +
    "dir_deleg_batch_window_ms: number, grace_period: number, lease_break_timeout: number, " +
    "lease_time: number, max_clients: number, max_compound_ops: number, " +
    "max_connections: number, max_delegations: number, max_read_size: number, " +
    "max_version: string, max_write_size: number, mdns_enabled: boolean, " +
    "min_version: string, portmapper_enabled: boolean, portmapper_port: number, " +
    "portmapper_register_with_system: boolean, preferred_transfer_size: number, " +
    "udp_enabled: boolean, v4_max_connections_per_session: number, " +
    "v4_max_minor_version: number, v4_min_minor_version: number, version: number",
  "GET /adapters/smb/settings":
    "blocked_operations[]: nothing, directory_leasing_enabled: boolean, " +
    "enable_encryption: boolean, max_connections: number, max_dialect: string, " +
    "max_sessions: number, mdns_enabled: boolean, min_dialect: string, " +
    "oplock_break_timeout: number, session_timeout: number, signing: string, " +
    "version: number, wsdiscovery_enabled: boolean",
  "GET /adapters/nfs/netgroups/all-fields":
    "created_at: string, id: string, members[].id: string, members[].type: string, " +
    "members[].value: string, name: string, updated_at: string",
  "GET /identity-providers": "[].configured: boolean, [].enabled: boolean, [].type: string",
  "PUT /identity-providers/ldap/config":
    "allow_plaintext: boolean, base_dn: string, bind_dn: string, bind_password: string, " +
    "enabled: boolean, idmap: string, max_group_results: number, nested_groups: boolean, " +
    "realm: string, start_tls: boolean, timeout: string, tls.ca_cert_file: string, " +
    "tls.client_cert_file: string, tls.client_key_file: string, " +
    "tls.insecure_skip_verify: boolean, tls.min_version: string, url: string, " +
    "user_attr: string",
  "PUT /identity-providers/kerberos/config":
    "context_ttl: string, dns_domain: string, enabled: boolean, keytab_path: string, " +
    "krb5_conf: string, machine_account.account_name: string, " +
    "machine_account.dc_address[]: string, machine_account.enabled: boolean, " +
    "machine_account.keytab_path: string, machine_account.secret: string, " +
    "max_clock_skew: string, max_contexts: number, netbios_domain: string, realm: string, " +
    "service_principal: string",
  "POST /identity-providers/ldap/test": "message: string, ok: boolean, stage: string",
};

/** Stores, shares and their blocks. */
export const SHARE_FIELDS: FieldTable = {
  "POST /shares":
    "access_based_enumeration: boolean, acl_flag_inherited_canonicalization: boolean, " +
    "allow_mfsymlink: boolean, blocked_operations[]: string, " +
    "change_notify_disabled: boolean, continuous_availability: boolean, " +
    "created_at: string, default_permission: string, enabled: boolean, " +
    "encrypt_data: boolean, id: string, local_block_store_id: string, " +
    "local_store_size: string, metadata_store_id: string, name: string, owner_gid: number, " +
    "owner_uid: number, physical_bytes: number, quota_bytes: string, " +
    "read_buffer_size: string, read_only: boolean, remote_block_store_id: null, " +
    "retention_policy: string, retention_ttl: string, status.checked_at: string, " +
    "status.latency_ms: number?, status.message: string?, status.status: string, " +
    "streams_disabled: boolean, trash_enabled: boolean, trash_exclude_patterns[]: string, " +
    "trash_max_bytes: number, trash_restrict_to_admin: boolean, " +
    "trash_retention_days: number, updated_at: string, usage_percent: number, " +
    "used_bytes: number",
  "GET /shares/all-fields":
    "access_based_enumeration: boolean, acl_flag_inherited_canonicalization: boolean, " +
    "allow_mfsymlink: boolean, blocked_operations[]: string, " +
    "change_notify_disabled: boolean, continuous_availability: boolean, " +
    "created_at: string, default_permission: string, enabled: boolean, " +
    "encrypt_data: boolean, id: string, local_block_store_id: string, " +
    "local_store_size: string, metadata_store_id: string, name: string, owner_gid: number, " +
    "owner_uid: number, physical_bytes: number, quota_bytes: string, " +
    "read_buffer_size: string, read_only: boolean, remote_block_store_id: null, " +
    "retention_policy: string, retention_ttl: string, status.checked_at: string, " +
    "status.latency_ms: number?, status.message: string?, status.status: string, " +
    "streams_disabled: boolean, trash_enabled: boolean, trash_exclude_patterns[]: string, " +
    "trash_max_bytes: number, trash_restrict_to_admin: boolean, " +
    "trash_retention_days: number, updated_at: string, usage_percent: number, " +
    "used_bytes: number",
  "GET /shares/all-fields/status":
    "checked_at: string, latency_ms: number?, message: string?, status: string",
  "GET /store/metadata/badger":
    "config.path: string, created_at: string, id: string, name: string, " +
    "status.checked_at: string, status.latency_ms: number?, status.message: string?, " +
    "status.status: string, type: string",
  "GET /store/block/local/text":
    "config.max_size: number, config.path: string, created_at: string, id: string, " +
    "kind: string, name: string, status.checked_at: string, status.latency_ms: number?, " +
    "status.message: string?, status.status: string, type: string",
  "GET /shares/all-fields/permissions":
    "[].is_group: boolean, [].level: string, [].name: string, [].sid: string, " +
    "[].type: string",
  "PATCH /shares/all-fields/adapters/nfs/config":
    "allow_auth_sys: boolean, anonymous_gid: number, anonymous_uid: number, " +
    "disable_readdirplus: boolean, min_kerberos_level: string, netgroup: string, " +
    "require_kerberos: boolean, squash: string",
  "PUT /shares/all-fields/quotas/user/1":
    "grace_seconds: number, identity_id: number, limit_bytes: string, limit_files: number, " +
    "scope: string, share_name: string, soft_bytes: string, soft_files: number, " +
    "used_bytes: number, used_files: number",
  "PUT /shares/all-fields/snapshot-policy":
    "created_at: string, enabled: boolean, interval: string, keep_last: number, " +
    "name_prefix: string, share: string, ttl: string, updated_at: string",
  "GET /snapshot-policies": "[].created_at: string, [].enabled: boolean, [].interval: string, " +
    "[].keep_last: number, [].name_prefix: string, [].share: string, [].ttl: string, " +
    "[].updated_at: string",
  "GET /shares/all-fields/blockstore/stats":
    "per_share[].share_name: string, per_share[].stats.append_log_limit_bytes: number, " +
    "per_share[].stats.blocks_cached: number, per_share[].stats.blocks_dirty: number, " +
    "per_share[].stats.blocks_local: number, per_share[].stats.blocks_remote: number, " +
    "per_share[].stats.blocks_total: number, per_share[].stats.completed_syncs: number, " +
    "per_share[].stats.eviction_suspended: boolean, " +
    "per_share[].stats.failed_syncs: number, per_share[].stats.file_count: number, " +
    "per_share[].stats.has_remote: boolean, per_share[].stats.local_disk_max: number, " +
    "per_share[].stats.local_disk_used: number, per_share[].stats.local_durable: boolean, " +
    "per_share[].stats.local_mem_max: number, per_share[].stats.local_mem_used: number, " +
    "per_share[].stats.offline_reads_blocked: number, " +
    "per_share[].stats.outage_duration_seconds: number, " +
    "per_share[].stats.pending_syncs: number, per_share[].stats.pending_uploads: number, " +
    "per_share[].stats.read_buffer_entries: number, " +
    "per_share[].stats.read_buffer_max: number, " +
    "per_share[].stats.read_buffer_used: number, " +
    "per_share[].stats.remote_durable: boolean, per_share[].stats.remote_healthy: boolean, " +
    "per_share[].stats.unsynced_bytes: number, totals.append_log_limit_bytes: number, " +
    "totals.blocks_cached: number, totals.blocks_dirty: number, " +
    "totals.blocks_local: number, totals.blocks_remote: number, " +
    "totals.blocks_total: number, totals.completed_syncs: number, " +
    "totals.eviction_suspended: boolean, totals.failed_syncs: number, " +
    "totals.file_count: number, totals.has_remote: boolean, totals.local_disk_max: number, " +
    "totals.local_disk_used: number, totals.local_durable: boolean, " +
    "totals.local_mem_max: number, totals.local_mem_used: number, " +
    "totals.offline_reads_blocked: number, totals.outage_duration_seconds: number, " +
    "totals.pending_syncs: number, totals.pending_uploads: number, " +
    "totals.read_buffer_entries: number, totals.read_buffer_max: number, " +
    "totals.read_buffer_used: number, totals.remote_durable: boolean, " +
    "totals.remote_healthy: boolean, totals.unsynced_bytes: number",
  "POST /shares/all-fields/blockstore/warm":
    "job_id: string, status.blocks_done: number, status.blocks_total: number, " +
    "status.bytes_done: number, status.id: string, status.share: string, " +
    "status.started_at: string, status.state: string",
  "GET /blockstore/reconcile-report":
    "block_records_scanned: number, grace_period: number, leaked_blocks.count: number, " +
    "orphan_remote_objects.count: number, remote_objects_scanned: number, " +
    "sample_cap: number, stranded_local_chunks.count: number, " +
    "zero_ref_records.count: number",
  "POST /blockstore/reconcile/reclaim":
    "block_records_scanned: number, dry_run: boolean, errors: number, " +
    "leaked_reclaimed.count: number, orphan_objects_reclaimed.count: number, " +
    "reclaimed.count: number, remote_objects_scanned: number, sample_cap: number",
  "GET /clients": "[].address: string, [].client_id: string, [].connected_at: string, " +
    "[].last_activity: string, [].nfs.auth_flavor: string, [].nfs.gid: number, " +
    "[].nfs.uid: number, [].nfs.version: string, [].protocol: string, [].shares: null, " +
    "[].user: string",
};
