import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './real-parts.js';

export interface Certificates {
  /** PEM of the authority. */
  ca: string;
  /** Paths. */
  caFile: string;
  certFile: string;
  keyFile: string;
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** An authority of its own, and a certificate of it for the loopback that servers and clients can show; by openssl. */
export async function makeCertificates(folder: string, name: string): Promise<Certificates> {
  const path = (file: string) => join(folder, `${name}-${file}`);
  const caFile = path('ca.pem');
  const authority = ['-subj', `/CN=${name} authority`, '-addext', 'basicConstraints=critical,CA:TRUE'];
  await run('openssl', 'req', '-x509', ...KEY, '-keyout', path('ca.key'), '-out', caFile, '-days', '2', ...authority);
  await run('openssl', 'req', ...KEY, '-keyout', path('key.pem'), '-out', path('csr.pem'), '-subj', `/CN=${name}`);
  await writeFile(
    path('ext'),
    'subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=serverAuth,clientAuth\nbasicConstraints=CA:FALSE\n',
  );
  const signed = ['-CA', caFile, '-CAkey', path('ca.key'), '-CAcreateserial', '-days', '2', '-extfile', path('ext')];
  await run('openssl', 'x509', '-req', '-in', path('csr.pem'), '-out', path('cert.pem'), ...signed);
  return { ca: await readFile(caFile, 'utf8'), caFile, certFile: path('cert.pem'), keyFile: path('key.pem') };
}
