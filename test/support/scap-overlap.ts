/** A control of ours and the rules of the SCAP Security Guide that ask for the same. */
export interface Overlap {
  control: string;
  /** Ids without `xccdf_org.ssgproject.content_rule_`. The control passes where all of them pass. */
  rules: readonly string[];
}

const owned = (name: string, backup = false): string[] =>
  ['file_owner', 'file_groupowner', 'file_permissions'].flatMap((kind) => [
    `${kind}_${name}`,
    ...(backup ? [`${kind}_${name.replace('etc_', 'backup_etc_')}`] : []),
  ]);

export const OVERLAPS: readonly Overlap[] = [
  { control: 'host-files-passwd', rules: owned('etc_passwd', true) },
  { control: 'host-files-group', rules: owned('etc_group', true) },
  { control: 'host-files-shadow', rules: owned('etc_shadow', true) },
  { control: 'host-files-gshadow', rules: owned('etc_gshadow', true) },
  { control: 'host-files-crontab', rules: owned('crontab') },
  {
    control: 'host-files-cron-folders',
    rules: ['cron_hourly', 'cron_daily', 'cron_weekly', 'cron_monthly', 'cron_d'].flatMap((name) => owned(name)),
  },
  { control: 'host-files-messages-before-login', rules: [...owned('etc_motd'), ...owned('etc_issue')] },
  { control: 'host-files-sshd-config', rules: owned('sshd_config') },
  { control: 'host-files-ssh-host-keys', rules: ['file_permissions_sshd_private_key'] },
  { control: 'host-single-root-account', rules: ['accounts_no_uid_except_zero'] },
  { control: 'host-no-empty-passwords', rules: ['no_empty_passwords'] },
  { control: 'host-system-accounts-locked', rules: ['no_shelllogin_for_systemaccounts'] },
  { control: 'host-no-world-writable-files', rules: ['file_permissions_unauthorized_world_writable'] },
  { control: 'host-sticky-shared-folders', rules: ['dir_perms_world_writable_sticky_bits'] },
  { control: 'host-owned-files', rules: ['no_files_unowned_by_user'] },
  { control: 'sudo-use-pty', rules: ['sudo_add_use_pty'] },
  { control: 'sudo-log-file', rules: ['sudo_custom_logfile'] },
  { control: 'sshd-no-root-login', rules: ['sshd_disable_root_login'] },
  { control: 'sshd-no-empty-passwords', rules: ['sshd_disable_empty_passwords'] },
  { control: 'sshd-no-host-based-login', rules: ['disable_host_auth'] },
  { control: 'sshd-ignores-rhosts', rules: ['sshd_disable_rhosts'] },
  { control: 'sshd-no-user-environment', rules: ['sshd_do_not_permit_user_env'] },
  { control: 'sshd-few-tries', rules: ['sshd_set_max_auth_tries'] },
  { control: 'sshd-log-level', rules: ['sshd_set_loglevel_info'] },
  { control: 'sshd-strong-ciphers', rules: ['sshd_use_approved_ciphers'] },
  { control: 'sshd-strong-macs', rules: ['sshd_use_approved_macs'] },
  { control: 'kernel-aslr', rules: ['sysctl_kernel_randomize_va_space'] },
  { control: 'kernel-no-setuid-dumps', rules: ['sysctl_fs_suid_dumpable'] },
  { control: 'kernel-syncookies', rules: ['sysctl_net_ipv4_tcp_syncookies'] },
  { control: 'kernel-no-broadcast-echo', rules: ['sysctl_net_ipv4_icmp_echo_ignore_broadcasts'] },
  { control: 'kernel-no-bogus-icmp', rules: ['sysctl_net_ipv4_icmp_ignore_bogus_error_responses'] },
  { control: 'kernel-no-forwarding', rules: ['sysctl_net_ipv4_ip_forward'] },
  { control: 'kernel-no-forwarding-ipv6', rules: ['sysctl_net_ipv6_conf_all_forwarding'] },
  { control: 'kernel-no-redirects', rules: ofBoth('ipv4', 'accept_redirects') },
  { control: 'kernel-no-redirects-ipv6', rules: ofBoth('ipv6', 'accept_redirects') },
  { control: 'kernel-no-source-routes', rules: ofBoth('ipv4', 'accept_source_route') },
  { control: 'kernel-no-source-routes-ipv6', rules: ofBoth('ipv6', 'accept_source_route') },
  { control: 'kernel-no-secure-redirects', rules: ofBoth('ipv4', 'secure_redirects') },
  { control: 'kernel-no-sent-redirects', rules: ofBoth('ipv4', 'send_redirects') },
  { control: 'kernel-reverse-path-filter', rules: ofBoth('ipv4', 'rp_filter') },
  { control: 'kernel-martians-logged', rules: ofBoth('ipv4', 'log_martians') },
  { control: 'mount-options-tmp', rules: ['partition_for_tmp'] },
  {
    control: 'mount-options-dev-shm',
    rules: ['mount_option_dev_shm_nodev', 'mount_option_dev_shm_noexec', 'mount_option_dev_shm_nosuid'],
  },
];

function ofBoth(family: string, setting: string): string[] {
  return ['all', 'default'].map((which) => `sysctl_net_${family}_conf_${which}_${setting}`);
}

/** Rules that ask for something else than the control does: their answer is not taken. */
export const OTHER_QUESTIONS: ReadonlyMap<string, string> = new Map([
  ['file_permissions_etc_shadow', 'asks for 0000, though its own text and CIS say 0640'],
  ['file_permissions_etc_gshadow', 'asks for 0000, though its own text and CIS say 0640'],
  ['file_groupowner_etc_gshadow', 'asks for the group root, though its own text and CIS say shadow'],
  ['no_empty_passwords', 'asks whether PAM lets empty passwords in, not whether a user has one'],
  ['sshd_use_approved_ciphers', 'asks for the list that FIPS 140-2 approves, CBC among it'],
  ['sshd_use_approved_macs', 'asks for the list that FIPS 140-2 approves, SHA-1 among it'],
]);
