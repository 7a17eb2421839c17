// What a DittoFS server has where nobody has set anything, as its REST API gives it.

/** Identity providers that nobody has set, by type. */
export const PROVIDERS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  ldap: {
    allow_plaintext: false,
    enabled: false,
    max_group_results: 200,
    nested_groups: false,
    start_tls: false,
    tls: { insecure_skip_verify: false },
  },
  kerberos: { enabled: false, max_contexts: 0 },
};

/** Of the adapter for NFS. */
export const NFS_SETTINGS = {
  blocked_operations: [],
  callback_timeout: 5,
  delegation_recall_timeout: 90,
  delegations_enabled: true,
  dir_deleg_batch_window_ms: 50,
  grace_period: 90,
  lease_break_timeout: 35,
  lease_time: 90,
  max_clients: 10_000,
  max_compound_ops: 50,
  max_connections: 0,
  max_delegations: 10_000,
  max_read_size: 1_048_576,
  max_version: "4.1",
  max_write_size: 1_048_576,
  mdns_enabled: false,
  min_version: "3",
  portmapper_enabled: false,
  portmapper_port: 10_111,
  portmapper_register_with_system: false,
  preferred_transfer_size: 1_048_576,
  udp_enabled: false,
  v4_max_connections_per_session: 16,
  v4_max_minor_version: 2,
  v4_min_minor_version: 0,
  version: 1,
};

/** Of the adapter for SMB. */
export const SMB_SETTINGS = {
  blocked_operations: [],
  directory_leasing_enabled: true,
  enable_encryption: false,
  max_connections: 0,
  max_dialect: "SMB3.1.1",
  max_sessions: 10_000,
  mdns_enabled: false,
  min_dialect: "SMB2.0",
  oplock_break_timeout: 35,
  session_timeout: 900,
  signing: "",
  version: 1,
  wsdiscovery_enabled: false,
};
