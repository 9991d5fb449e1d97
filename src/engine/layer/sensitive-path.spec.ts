import { describe, expect, it } from 'vitest';
import { cacheFolderOf } from './package-cache.js';
import { sensitiveTrait } from './sensitive-path.js';

const table = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s{2,}/) as [string, string]);

describe('sensitiveTrait', () => {
  it.each(
    table(`
      root/.ssh/id_rsa                            private_key
      home/app/.ssh/id_ed25519                    private_key
      app/id_ecdsa                                private_key
      etc/ssh/ssh_host_ed25519_key                private_key
      etc/ssl/private/server.key                  private_key
      etc/ssl/private/ssl-cert-snakeoil.key       private_key
      etc/ssl/private/server.pem                  private_key
      app/tls/privkey.pem                         private_key
      app/server-key.pem                          private_key
      app/client.pfx                              private_key
      app/client.p12                              private_key
      app/release.jks                             private_key
      app/config/master.key                       private_key
      root/.gnupg/secring.gpg                     private_key
      root/.aws/credentials                       credentials
      home/app/.docker/config.json                credentials
      root/.dockercfg                             credentials
      root/.git-credentials                       credentials
      root/.netrc                                 credentials
      root/.pgpass                                credentials
      root/.kube/config                           credentials
      etc/kubernetes/admin.conf                   credentials
      app/kubeconfig                              credentials
      app/.env                                    credentials
      src/.env.production                         credentials
      .env                                        credentials
      infra/terraform.tfstate                     credentials
      infra/terraform.tfstate.backup              credentials
      root/.config/gcloud/credentials.db          credentials
      root/.cargo/credentials.toml                credentials
      root/.npmrc                                 possible_credentials
      app/.npmrc                                  possible_credentials
      root/.m2/settings.xml                       possible_credentials
      app/service-account.json                    possible_credentials
      etc/shadow                                  password_hashes
      etc/gshadow-                                password_hashes
      root/.bash_history                          leftover
      .dockerenv                                  leftover
      run/.containerenv                           leftover
      usr/sbin/sshd                               ssh_server
      usr/local/bin/dropbear                      ssh_server
    `),
  )('%s is %s', (path, trait) => {
    expect(sensitiveTrait(path, 100)).toBe(trait);
  });

  it.each([
    // Public by their nature.
    'etc/ssl/certs/ca-certificates.crt',
    'etc/ssl/certs/ISRG_Root_X1.pem',
    'etc/ssl/cert.pem',
    'etc/pki/tls/certs/ca-bundle.crt',
    'etc/pki/rpm-gpg/RPM-GPG-KEY.key',
    'etc/apk/keys/alpine-devel@lists.alpinelinux.org-4a6a0840.rsa.pub',
    'etc/apt/keyrings/docker.key',
    'usr/share/dns/root.key',
    'etc/unbound/root.key',
    'etc/bind/bind.keys',
    'etc/trusted-key.key',
    'app/jwt-public.pem',
    'app/public.key',
    'app/truststore.jks',
    'etc/ssh/ssh_host_rsa_key.pub',
    'root/.ssh/id_rsa.pub',
    'root/.ssh/known_hosts',
    // Of installed software.
    'usr/lib/python3.11/test/ssl_key.pem',
    'usr/local/lib/python3.12/test/certdata/keycert.pem',
    'usr/local/lib/node_modules/npm/.npmrc',
    'usr/lib/node_modules/npm/.npmrc',
    'app/node_modules/agentkeepalive/test/fixtures/agenttest-key.pem',
    'app/node_modules/public-encrypt/test/test_rsa_privkey.pem',
    'usr/local/go/src/crypto/tls/testdata/example-key.pem',
    'go/pkg/mod/github.com/x/y@v1.0.0/testdata/id_rsa',
    'opt/venv/lib/python3.11/site-packages/tornado/test/test.key',
    'usr/share/doc/openssl/examples/id_rsa',
    'usr/lib/jvm/java-17/lib/security/cacerts',
    'app/tests/fixtures/server.key',
    // Names that only look like it.
    'app/.env.example',
    'app/.environment',
    'app/config.json',
    'app/credentials',
    'etc/shadow.d',
    'usr/bin/sshd-helper',
    'app/sshd',
    'app/dockerenv',
    'opt/.dockerenv',
    'app/keymap.key.txt',
    '.key',
    'a',
    '',
  ])('says nothing of %s', (path) => {
    expect(sensitiveTrait(path, 100)).toBeNull();
  });

  it('says nothing of an empty file, except where that is a mark', () => {
    expect(sensitiveTrait('app/.env', 0)).toBeNull();
    expect(sensitiveTrait('.dockerenv', 0)).toBe('leftover');
  });
});

describe('cacheFolderOf', () => {
  it.each(
    table(`
      var/lib/apt/lists/deb.debian.org_dists_bookworm_InRelease   var/lib/apt/lists
      var/lib/apt/lists/auxfiles/x                                var/lib/apt/lists
      var/cache/apt/archives/curl_8.deb                           var/cache/apt
      var/cache/apk/APKINDEX.066df28d.tar.gz                      var/cache/apk
      var/cache/dnf/fedora-2d95c80a1fa0a67d/repodata/repomd.xml   var/cache/dnf
      var/cache/yum/x86_64/7/base/primary.sqlite                  var/cache/yum
      var/cache/zypp/raw/x                                        var/cache/zypp
      var/cache/pacman/pkg/zlib-1.3.pkg.tar.zst                   var/cache/pacman/pkg
      root/.cache/pip/http/a/b                                    root/.cache/pip
      home/node/.npm/_cacache/index-v5/00/aa                      home/node/.npm/_cacache
      usr/local/share/.cache/yarn/v6/x                            usr/local/share/.cache/yarn
      root/go/pkg/mod/cache/download/x                            root/go/pkg/mod/cache
    `),
  )('%s is in %s', (path, folder) => {
    expect(cacheFolderOf(path)).toBe(folder);
  });

  it.each([
    'var/lib/apt/lists',
    'var/lib/apt/listsx/y',
    'var/lib/apt/extended_states',
    'var/cache/debconf/config.dat',
    'var/cache/ldconfig/aux-cache',
    'root/.cache/huggingface/model',
    'root/.npmrc',
    'home/node',
    'usr/share/x',
    'v',
    '',
  ])('knows no cache of %s', (path) => {
    expect(cacheFolderOf(path)).toBeNull();
  });
});
